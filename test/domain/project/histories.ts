/** Arbitrary histories of a project's own stream. A new command is a new row here, so that the laws hold for it too. */
import fc from 'fast-check'
import { GENESIS_HASH, hashEvent } from '../../../app/domain/event/hash-chain.ts'
import {
  decideProject,
  evolveProject,
  type Project,
  type ProjectCommand,
  type ProjectEvent,
} from '../../../app/domain/project/project.ts'
import { ALICE, sha256 } from '../given.ts'

const text = fc.string({ maxLength: 20 })

export const openProject = (over: Partial<ProjectCommand & { type: 'open-project' }> = {}): ProjectCommand => ({
  type: 'open-project',
  repositoryId: 7,
  repositoryNodeId: 'R_7',
  repository: 'acme/widgets',
  installationId: 1,
  prefix: 'DEV',
  ...over,
})

const TARGETS = [
  { scope: 'agent', agent: 'a1' },
  { scope: 'project', agent: null },
  { scope: 'workspace', agent: null },
] as const

const projectCommands: fc.Arbitrary<ProjectCommand> = fc.oneof(
  fc
    .tuple(fc.constantFrom('acme/widgets', 'acme/gadgets'), fc.constantFrom(1, 2), fc.constantFrom('DEV', 'WID'))
    .map(([repository, installationId, prefix]) => openProject({ repository, installationId, prefix })),
  fc.tuple(fc.nat(9), text).map(([atLeast, reason]): ProjectCommand => ({ type: 'raise-epoch', atLeast, reason })),
  fc.integer({ min: 1, max: 3 }).map((issue): ProjectCommand => ({ type: 'open-ledger', issue })),
  text.map((reason): ProjectCommand => ({ type: 'pause-project', reason })),
  text.map((reason): ProjectCommand => ({ type: 'resume-project', reason })),
  fc
    .tuple(fc.constantFrom('kill', 'lift-kill'), fc.constantFrom(...TARGETS), text)
    .map(([type, target, reason]): ProjectCommand => ({ type, scope: target.scope, agent: target.agent, reason })),
  fc.tuple(text, fc.constantFrom(null, ALICE)).map(([detail, by]): ProjectCommand => ({
    type: 'report-project-tampering',
    what: 'ledger',
    by,
    detail,
  })),
)

/** What chance seldom brings about. */
const SELDOM: readonly ProjectCommand[] = [
  {
    type: 'record-finding',
    kind: 'gotcha',
    text: 'it is generated',
    task: { stream: 'task/7/1', key: 'DEV-1' },
    attempt: 1,
  },
  { type: 'retire-finding', id: 1, reason: 'r' },
  { type: 'note-departure', task: 'task/7/1', key: 'DEV-1', to: 'project/8' },
  { type: 'note-departure', task: 'task/7/2', key: 'DEV-2', to: null },
  { type: 'note-arrival', task: 'task/8/1', key: 'DEV-3', from: 'project/8' },
  { type: 'kill', scope: 'project', agent: null, reason: 'r' },
  { type: 'lift-kill', scope: 'project', agent: null, reason: 'r' },
]

export const projectHistories: fc.Arbitrary<readonly ProjectCommand[]> = fc
  .array(projectCommands, { maxLength: 30 })
  .map((rest) => [openProject(), ...SELDOM].concat(rest))

/** The log that a history leaves. */
export const playProject = (history: readonly ProjectCommand[]): readonly ProjectEvent[] => {
  const log: ProjectEvent[] = []
  let project: Project | null = null
  for (const [at, command] of history.entries()) {
    const decision = decideProject(project, command)
    if (!decision.ok) continue
    for (const event of decision.events) {
      const unhashed = {
        ...event,
        stream: 'project/7',
        version: log.length + 1,
        id: `01J${String(log.length).padStart(23, '0')}`,
        at: 1_000_000 + at,
        actor: ALICE,
        cause: `test:${at}`,
        prev: log.at(-1)?.hash ?? GENESIS_HASH,
      } as const
      const stored = { ...unhashed, hash: hashEvent(sha256, unhashed) } as ProjectEvent
      log.push(stored)
      project = evolveProject(project, stored)
    }
  }
  return log
}
