/** A task that lives for long, on the sandbox: events through the engine, and what GitHub and a restored database then hold of it. */
import type { StoredEvent, StreamId } from '../../app/domain/event/envelope.ts'
import { handleCommand } from '../../app/engine/handle-command.ts'
import type { IssueComment } from '../../app/sandbox/model/issue.ts'
import type { Play } from './play.ts'

const BATCH = 20

export const longLife = async (p: Play) => {
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const stream: StreamId = `task/401/${issue}`
  let n = 0
  const issueId = p.sandbox.state.issues.all().find((one) => one.number === issue && one.repositoryId === 401)?.id
  const comments = (kind: string): readonly IssueComment[] =>
    p.sandbox.state.comments
      .all()
      .filter(({ issueId: id, body }) => id === issueId && body.includes(`<!-- muster:${kind} `))
  return {
    issue,
    stream,
    records: () => comments('record'),
    chapters: () => comments('sealed'),
    /** So many events, each with a text of this length. */
    work: async (count: number, length = 900): Promise<void> => {
      for (let left = count; left > 0; left -= BATCH) {
        const some = Array.from({ length: Math.min(left, BATCH) }, () => (n += 1))
        for (const at of some) {
          await handleCommand(p.app.engine, {
            stream,
            actor: { kind: 'user', id: 'alice' },
            cause: `story:${at}`,
            command: { type: 'record-custom', name: 'step', data: { n: at, text: 'x'.repeat(length) }, fence: null },
          })
        }
      }
    },
    /** What a database that knows nothing gets from GitHub. */
    restored: async () => {
      const { restorer, store } = await p.anew()
      try {
        const report = await restorer.restore(await restorer.find('acme/widgets'), 'all')
        const events: readonly StoredEvent[] = await store.log.read(stream)
        const { cause } = events[2] ?? { cause: '' }
        const known = await store.log.findOutcome(cause)
        return { report, events, known, dump: await store.projections.dump(), base: await store.log.base(stream) }
      } finally {
        await store.close()
      }
    },
    events: (): Promise<readonly StoredEvent[]> => p.app.store.log.read(stream),
    tampering: async (): Promise<readonly string[]> =>
      (await p.app.store.log.read(stream))
        .filter(({ type }) => type === 'tampering-found')
        .map(({ data }) => data as { what: string; by: { id: string } | null })
        .map(({ what, by }) => `${what} by ${by?.id ?? 'nobody known'}`),
  }
}

/** What was asked of GitHub so far, by kind of request. */
export const asked = (p: Play): Readonly<Record<string, number>> => ({ ...p.app.github.requests.byRoute })
