/** `npm run flush`: waits until GitHub shows everything that the log knows. Something must carry the work out meanwhile. */
import type { Clock, Inbox, Outbox } from '../../engine/ports.ts'
import { counted, type CliResult } from './result.ts'

export interface FlushDeps {
  readonly inbox: Pick<Inbox, 'pending'>
  readonly outbox: Pick<Outbox, 'pending'>
  readonly clock: Clock
  readonly sleep: (ms: number) => Promise<void>
  readonly timeoutMs: number
}

const POLL_MS = 100

export const flushCommand = async ({ inbox, outbox, clock, sleep, timeoutMs }: FlushDeps): Promise<CliResult> => {
  const started = clock.now()
  for (;;) {
    // Deliveries first: handling one makes work for the outbox.
    const arrived = await inbox.pending()
    const { count: outgoing, oldestDueAt } = await outbox.pending()
    const count = arrived + outgoing
    const waitedMs = clock.now() - started
    if (count === 0) {
      return { exitCode: 0, lines: ['GitHub is up to date.'], json: { behind: 0, waited_ms: waitedMs } }
    }
    if (waitedMs >= timeoutMs) {
      const lateMs = oldestDueAt === null ? 0 : Math.max(0, clock.now() - oldestDueAt)
      return {
        exitCode: 1,
        lines: [
          `${counted(count, 'piece')} of work ${count === 1 ? 'is' : 'are'} still to be done after ${Math.round(waitedMs / 1000)} s, the oldest due for ${Math.round(lateMs / 1000)} s.`,
          'Next: see the log for why it fails; the usual reasons are limits of GitHub and missing permissions.',
        ],
        json: { behind: count, oldest_due_ms: lateMs, waited_ms: waitedMs },
      }
    }
    await sleep(POLL_MS)
  }
}
