/**
 * What a restore leaves for the next start: the project paused, in a higher epoch, and what was not believed put on record. Kept
 * apart from the restore itself, which gives back exactly what was. Runs before anything else is carried out.
 */
import { MUSTER } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { ProjectCommand, ProjectEventData } from '../domain/project/project.ts'
import { handleCommand, type Engine } from './handle-command.ts'
import type { Documents } from './ports.ts'

export interface RestoreNote {
  readonly project: StreamId
  /** Of this restore: its commands run once, however often the start is repeated. */
  readonly id: string
  /** The highest epoch that was seen; the next one is above it. */
  readonly epoch: number
  /** How to open a project whose own page was lost; null when its stream is there. */
  readonly reopen: ProjectEventData['project-opened'] | null
  /** What was not believed. */
  readonly findings: readonly { readonly what: string; readonly detail: string }[]
}

const KIND = 'restored'
/** More than this on one project is one story, not many. */
const MAX_FINDINGS = 50

export const noteRestore = (documents: Documents, note: RestoreNote): Promise<void> =>
  documents.put(KIND, note.project, JSON.stringify(note))

/** Whether a restore of the project has begun and no start has finished it yet. */
export const isRestoreNoted = async (documents: Documents, project: StreamId): Promise<boolean> =>
  (await documents.get(KIND, project)) !== null

export const forgetRestore = (documents: Documents, project: StreamId): Promise<void> => documents.delete(KIND, project)

/** The projects that were finished now. They hand out no work until a person resumes them. */
export const finishRestores = async (engine: Engine): Promise<readonly StreamId[]> => {
  const { documents } = engine.store
  const finished: StreamId[] = []
  for (const { key, value } of await documents.list(KIND)) {
    const note = JSON.parse(value) as RestoreNote
    for (const [step, command] of commandsFor(note).entries()) {
      const cause = `restore:${note.project}:${note.id}:${step}`
      await handleCommand(engine, { stream: note.project, command, actor: MUSTER, cause })
    }
    await documents.delete(KIND, key)
    finished.push(note.project)
  }
  return finished
}

const commandsFor = ({ epoch, reopen, findings }: RestoreNote): readonly ProjectCommand[] => [
  ...(reopen === null ? [] : [{ type: 'open-project', ...reopen } as const]),
  { type: 'pause-project', reason: 'restored from GitHub; look at what was reported, then resume the project' },
  { type: 'raise-epoch', atLeast: epoch + 1, reason: 'restored from GitHub' },
  ...findings
    .slice(0, MAX_FINDINGS)
    .map(({ what, detail }) => ({ type: 'report-project-tampering', what, by: null, detail }) as const),
]
