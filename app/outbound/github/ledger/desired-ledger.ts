/** How the comments of a project's ledger issue should look: a pure function of the project's stream and of the marks. */
import type { StoredEvent } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'
import type { Fold } from '../../../engine/ports.ts'
import type { SetApart } from '../../../../schemas/set-apart.ts'
import { encodeRecord, type BaseState, type Origin } from '../record/encode-record.ts'
import type { RecordPart } from '../record/move-out.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { marksPages, type RecordMark } from './marks-page.ts'
import { setApartPage } from './set-apart-page.ts'

export interface LedgerInput {
  readonly project: Project
  /** Canonical JSON of the project. */
  readonly state: string
  readonly base: BaseState | null
  /** The events of the project's stream. */
  readonly events: readonly StoredEvent[]
  /** The ledger issue. */
  readonly origin: Origin
  readonly marks: readonly RecordMark[]
  /** Tasks that nothing is written to any more; null: nobody has to be told, and nobody was. */
  readonly setApart: readonly SetApart[] | null
}

export interface LedgerPage {
  /** `project`, `marks 0`, or `set-apart`. */
  readonly key: string
  readonly rev: number
  /** The revision from which on it says more than that somebody quarrels over it. */
  readonly news: number
  readonly body: string
}

export interface DesiredLedger {
  readonly pages: readonly LedgerPage[]
  readonly parts: readonly RecordPart[]
}

export const PROJECT_PAGE = 'project'
export const SET_APART_PAGE = 'set-apart'
export const marksPageKey = (page: number): string => `marks ${page}`

export const desiredLedger = (
  input: LedgerInput,
  { keys, fold }: { readonly keys: RecordKeys; readonly fold: Fold },
): DesiredLedger => {
  const { project, state, base, events, origin, marks, setApart } = input
  const record = encodeRecord(
    { stream: project.stream, origin, epoch: project.epoch, state, base, events, card: projectCard(project) },
    { keys, fold, kind: 'ledger' },
  )
  return {
    pages: [
      { key: PROJECT_PAGE, rev: record.rev, news: newsOf(events), body: record.body },
      ...marksPages(project.stream, origin, marks, keys).map(({ page, rev, body }) => ({
        key: marksPageKey(page),
        rev,
        news: rev,
        body,
      })),
      ...(setApart === null ? [] : [{ key: SET_APART_PAGE, rev: 0, news: 0, body: setApartPage(project, setApart) }]),
    ],
    parts: record.parts,
  }
}

const newsOf = (events: readonly StoredEvent[]): number =>
  events.findLast(({ type }) => type !== 'project-tampering-found')?.version ?? 0

const projectCard = ({ repository, prefix, epoch, paused, kills = [] }: Project): string =>
  [
    `**${neutraliseLine(repository)}**: keys begin with \`${prefix}\`, epoch ${epoch}.`,
    ...(paused === null
      ? []
      : [`**Paused**: ${neutraliseLine(paused)}. Next: \`npm run resume -- ${neutraliseLine(repository)}\`.`]),
    ...kills.map(({ scope, agent, reason, by }) => {
      const whom = agent === null ? scope : `agent=${agent}`
      return `**Killed** (${scope}${agent === null ? '' : ` ${neutraliseLine(agent)}`}) by ${neutraliseLine(by)}: ${neutraliseLine(reason)}. Next: comment \`/muster unkill ${neutraliseLine(whom)}\` on a task.`
    }),
  ].join('\n\n')
