/** What a write of the record costs late in a history, against early in it: counted in requests, bytes and events read, never timed. */
import { expect, test } from 'vitest'
import type { StreamId } from '../../../../app/domain/event/envelope.ts'
import { givenChapters } from './given-chapters.ts'

test('the record of a task with 1,500 events costs what it did at 300', async () => {
  const at = await givenChapters()
  let read = 0
  const { log } = at.store
  const counting = {
    ...at.store,
    log: {
      ...log,
      read: async (stream: StreamId, after?: number) => {
        const events = await log.read(stream, after)
        read += events.length
        return events
      },
    },
  }
  const process = at.processOver(counting)
  const issue = { writes: 0, bytes: 0, read: 0 }
  const measured: (typeof issue & { readonly largest: number })[] = []
  let head: string | null = null
  for (let hundred = 0; hundred < 15; hundred += 1) {
    const before = { writes: at.github.writes.length, read }
    let bytes = 0
    let largest = 0
    for (let n = 0; n < 100; n += 10) {
      await at.work(10, 600, hundred * 100 + n)
      const { body } = await process.encode()
      bytes += Buffer.byteLength(body)
      largest = Math.max(largest, Buffer.byteLength(body))
      if (head === null) head = at.github.post(12, body).nodeId
      else at.github.edit(head, body, 1)
    }
    measured.push({ writes: at.github.writes.length - before.writes, bytes, read: read - before.read, largest })
  }
  const [, , early] = measured
  const late = measured.slice(-3)
  if (early === undefined) throw new Error('nothing measured')
  for (const { writes, bytes, read: events, largest } of late) {
    // A chapter takes one request to make and one to fold up, once per forty kilobytes: two or three of them in a hundred events.
    expect(writes).toBeLessThanOrEqual(6)
    expect(bytes).toBeLessThanOrEqual(early.bytes * 1.3)
    expect(events).toBeLessThanOrEqual(early.read * 1.3)
    expect(largest).toBeLessThanOrEqual(48 * 1024)
  }
  expect(at.github.reads.commentsOf).toBe(1)
})
