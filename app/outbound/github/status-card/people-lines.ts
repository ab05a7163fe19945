/** Who holds the task, what stands in its way, what people noted, and its pull requests. */
import { renderFence } from '../../../domain/task/fence.ts'
import type { Task } from '../../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import { firstRows, newestRows } from '../text/rows.ts'
import { renderTime } from './status-words.ts'

const MAX_NAME = 60
const BLOCKERS_ROOM = 3_000
const NOTES_ROOM = 2_000
const NOTE_CHARS = 400
const SHOWN_PULL_REQUESTS = 10

const name = (text: string): string => neutraliseLine(text, MAX_NAME)

/** The deadline that was granted: heartbeats move the real one without an event, and without a word here. */
export const holderLine = ({ lease }: Task): string | null => {
  if (lease === null) return null
  const { owner, holder, attempt, fence, expiresAt } = lease
  const by = holder.id === owner ? '' : `, claimed by ${name(holder.id)}`
  return `**${name(owner)}** holds it${by}: attempt ${attempt}, fence \`${renderFence(fence)}\`, granted until ${renderTime(expiresAt)} and longer while it reports.`
}

export const blockersList = ({ blockers }: Task): string | null => {
  if (blockers.length === 0) return null
  const rows = blockers.map(
    ({ id, reason, by, at }) => `- **${id}** ${neutraliseLine(reason, NOTE_CHARS)} (${name(by)}, ${renderTime(at)})`,
  )
  return ['**Blockers**', '', ...firstRows(rows, BLOCKERS_ROOM, (left) => `- and ${left} more`)].join('\n')
}

const DECIDED = { retry: 'another attempt', skip: 'to go on without it', fail: 'to give it up' } as const

export const checkpointLine = ({ details: { checkpoint } }: Task): string | null => {
  if (checkpoint === undefined) return null
  const { decision, note, by, at } = checkpoint
  const why = note === null ? '' : `: ${neutraliseLine(note, NOTE_CHARS)}`
  return `**Decided** by ${name(by)}, ${renderTime(at)}: ${DECIDED[decision]}${why}`
}

/** Newest last, older ones counted. */
export const notesList = ({ notes }: Task): string | null => {
  if (notes.length === 0) return null
  const rows = notes.map(({ text, by, at }) => `- ${neutraliseLine(text, NOTE_CHARS)} (${name(by)}, ${renderTime(at)})`)
  return ['**Notes**', '', ...newestRows(rows, NOTES_ROOM, (left) => `- ${left} older ones`)].join('\n')
}

export const pullRequestsLine = ({ pullRequests }: Task): string | null => {
  if (pullRequests.length === 0) return null
  const shown = pullRequests
    .toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.number - a.number)
    .slice(0, SHOWN_PULL_REQUESTS)
    .map(
      ({ number, state, branch, headSha }) =>
        `#${number} (${state}, \`${neutraliseCell(branch, 100).replaceAll('`', '')}\` at \`${headSha.slice(0, 7)}\`)`,
    )
  const left = pullRequests.length - shown.length
  return `**Pull requests**: ${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}
