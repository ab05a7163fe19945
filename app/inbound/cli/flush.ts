/** `npm run flush`: waits until GitHub shows everything that the log knows. Something must carry the work out meanwhile. */
import type { Millis, StreamId } from '../../domain/event/envelope.ts'
import type { EffectKind } from '../../engine/effects.ts'
import type { Clock, Inbox, Outbox } from '../../engine/ports.ts'
import { counted, type CliResult } from './result.ts'

/** What GitHub does not show, because somebody keeps changing it and it is left alone for now. */
export interface Withheld {
  readonly stream: StreamId
  readonly issue: number
  readonly fields: readonly string[]
  /** When the first of the fields is written again; past: any moment now. */
  readonly until: Millis
}

export interface FlushDeps {
  readonly inbox: Pick<Inbox, 'pending'>
  readonly outbox: Pick<Outbox, 'pending' | 'hurry'>
  readonly clock: Clock
  readonly sleep: (ms: number) => Promise<void>
  readonly timeoutMs: Millis
  /** Called again and again while there is something to do: where no App runs, or not any more, somebody has to do it. */
  readonly work: () => Promise<void>
  /** When anything was last written to GitHub; 0: never. */
  readonly lastWritten: () => Promise<Millis>
  readonly withheld: () => Promise<readonly Withheld[]>
}

const POLL_MS: Millis = 100
/** GitHub's lists may be some seconds behind its writes: only then do they show everything. */
const SHOWN_AFTER_MS: Millis = 4_000

/** These only look once more at what was written: GitHub is not behind because of them. */
const LOOKS = ['look-at-task'] as const satisfies readonly EffectKind[]

export const flushCommand = async (deps: FlushDeps): Promise<CliResult> => {
  const { inbox, outbox, clock, sleep, timeoutMs, work, lastWritten, withheld } = deps
  const started = clock.now()
  for (;;) {
    // Deliveries first: handling one makes work for the outbox.
    const arrived = await inbox.pending()
    const count = arrived + (await outbox.hurry(LOOKS))
    const left = await withheld()
    const isIdle = count === 0 && left.every(({ until }) => until > clock.now())
    if (isIdle && left.length === 0) await sleep(Math.max(0, (await lastWritten()) + SHOWN_AFTER_MS - clock.now()))
    const waitedMs = clock.now() - started
    if (isIdle && left.length === 0) {
      return { exitCode: 0, lines: ['GitHub is up to date.'], json: { behind: 0, withheld: [], waited_ms: waitedMs } }
    }
    if (isIdle) {
      return { exitCode: 1, lines: tellLeft(left), json: { behind: left.length, withheld: left, waited_ms: waitedMs } }
    }
    if (waitedMs >= timeoutMs) {
      const { oldestDueAt } = await outbox.pending()
      const lateMs = oldestDueAt === null ? 0 : Math.max(0, clock.now() - oldestDueAt)
      return {
        exitCode: 1,
        lines: [
          `${counted(count, 'piece')} of work ${count === 1 ? 'is' : 'are'} still to be done after ${Math.round(waitedMs / 1000)} s, the oldest due for ${Math.round(lateMs / 1000)} s.`,
          ...tellLeft(left),
          'Next: see the log for why it fails; the usual reasons are limits of GitHub and missing permissions.',
        ],
        json: { behind: count + left.length, withheld: left, oldest_due_ms: lateMs, waited_ms: waitedMs },
      }
    }
    await work()
    await sleep(POLL_MS)
  }
}

const tellLeft = (left: readonly Withheld[]): readonly string[] =>
  left.length === 0
    ? []
    : [
        `${counted(left.length, 'issue')} ${left.length === 1 ? 'does' : 'do'} not show what this data knows: somebody keeps changing what only Muster writes, and it is left alone for now.`,
        ...left.map(
          ({ stream, issue, fields, until }) =>
            `  ${stream} (issue #${issue}): ${fields.join(', ')}; written again after ${new Date(until).toISOString()}, or when the task changes`,
        ),
        'Next: find out who does it in the timeline of the issue, stop it, and flush again.',
      ]
