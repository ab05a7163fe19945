/** The one line that says what happens next, and what a person can type to make it happen. Commands stand in code: they run nothing here. */
import { policyOf } from '../../../domain/failure/codes.ts'
import { assertNever } from '../../../domain/assert-never.ts'
import type { Task } from '../../../domain/task/state.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'
import { renderTime } from './status-words.ts'

const ASK_CHARS = 500
const KEY_CHARS = 40
const SHOWN_ENDED = 5

/** `slash` is `/` or `/muster `: how commands begin in this project. */
export const nextStep = (task: Task, slash: string): string | null => {
  const type = (command: string): string => `\`${slash}${command}\``
  switch (task.status) {
    case 'backlog':
      return `Next: ${type('ready')} lets it be worked on.`
    case 'ready':
      return `Next: ${type('claim')} takes it for yourself, ${type('claim agent=ID')} for an agent.`
    case 'waiting':
      return task.waiting?.for === 'backoff'
        ? `It is tried again after ${renderTime(task.waiting.until)}. Next: ${type('retry')} does it now.`
        : `It waits for ${task.waitsFor.length} of its dependencies and becomes ready by itself when they are done.${stuck(task, type)}`
    case 'claimed':
      return `Next: ${type('start')} when the work begins, ${type('release')} to give it back.`
    case 'in_progress':
      return `Next: ${type('succeed')} or ${type('fail class=test_fail message="…"')} ends the attempt.`
    case 'blocked': {
      const [first] = task.blockers
      const unblock = task.blockers.length < 2 ? type('unblock') : `${type(`unblock ${first?.id ?? ''}`)} and so on`
      return `Next: ${unblock} when what blocks it is cleared.${then(task)}`
    }
    case 'review':
      return `Next: review and merge its pull request, which closes the task, or ${type('retry')} for another attempt.`
    case 'needs_human':
      return `**A person must decide**: ${neutraliseLine(task.asks ?? 'no reason was given', ASK_CHARS)}${recovery(task)} Next: ${type('resolve retry')}, ${type('resolve skip')} or ${type('resolve fail')}, each with a note in double quotes if there is one.`
    case 'failed':
      return `Given up${recovery(task)} Next: ${type('retry')} tries once more.`
    case 'canceled':
      return `Not wanted any more. Next: ${type('reopen')} takes it up again.`
    case 'done':
      return null
    default:
      return assertNever(task.status)
  }
}

/** What a blocker hides is not forgotten: a person would clear it and be surprised. */
const then = ({ beneath, asks }: Task): string =>
  beneath === 'needs_human'
    ? ` Then a person must decide: ${neutraliseLine(asks ?? 'no reason was given', ASK_CHARS)}.`
    : ''

/** What will not be done by itself. */
const stuck = ({ dependsOn, waitsFor }: Task, type: (command: string) => string): string => {
  const ended = dependsOn.filter(({ stream, ended }) => ended !== undefined && waitsFor.includes(stream))
  const [first] = ended
  if (first === undefined) return ''
  const named = ended
    .slice(0, SHOWN_ENDED)
    .map(
      ({ key, ended: how }) => `${neutraliseLine(key, KEY_CHARS)} ${how === 'failed' ? 'has failed' : 'was canceled'}`,
    )
  const left = ended.length - named.length
  return ` **${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}**: take that up again there, or ${type(`undepends ${neutraliseLine(first.key, KEY_CHARS)}`)} here.`
}

/** What the failure table advises for the newest attempt. */
const recovery = ({ attempts }: Task): string => {
  const failure = attempts.at(-1)?.failure ?? null
  return failure === null ? '.' : `. For \`${failure.class}\` the usual way is: ${policyOf(failure).recovery}.`
}
