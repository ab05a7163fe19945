/** Ten thousand events on one task; and an App that is killed around a chapter, each time at another step. */
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { LEDGER_DEBOUNCE_MS } from '../../app/engine/effects.ts'
import { SQLITE_FILE } from '../../app/store/open-store.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { asked, longLife } from './chapters.ts'
import { createMachine, eventually, type Machine } from './machine.ts'
import { play, type Play } from './play.ts'

const closing: (Play | Machine)[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await ('close' in one ? one.close() : one.stop())
})

it(
  'ten thousand events: the record costs the same to the end, and all of them come back',
  { timeout: 900_000 },
  async () => {
    // Slow enough that all of it is less than an hour: the App signs in by the real clock.
    const p = await play({ friendly: true, keys: SEED_KEYS, speed: 4 })
    closing.push(p)
    const { comments } = p.sandbox.state
    const update = comments.update.bind(comments)
    let bytes = 0
    comments.update = (id, change) => {
      if (change.body?.includes('<!-- muster:record ') === true) bytes += Buffer.byteLength(change.body)
      return update(id, change)
    }
    const life = await longLife(p)
    const thousands: { readonly requests: number; readonly bytes: number; readonly chapters: number }[] = []
    for (let thousand = 0; thousand < 10; thousand += 1) {
      const before = { asked: asked(p), bytes, chapters: life.chapters().length }
      for (let n = 0; n < 10; n += 1) {
        await life.work(100, 300)
        await p.quiet(60_000)
      }
      const after = asked(p)
      const grown = (route: string): number => (after[route] ?? 0) - (before.asked[route] ?? 0)
      const chapters = life.chapters().length - before.chapters
      thousands.push({ requests: grown('GraphQL Reconcile'), bytes: bytes - before.bytes, chapters })
    }
    p.pass(20_000)
    await p.quiet(60_000)
    p.pass(LEDGER_DEBOUNCE_MS)
    await p.quiet(60_000)
    console.log(JSON.stringify({ chapters: life.chapters().length, thousands }))
    const [, early] = thousands
    const late = thousands.at(-1)
    if (early === undefined || late === undefined) throw new Error('nothing measured')
    // How many writes a thousand events share is up to the machine; what each of them costs is not.
    expect(late.bytes / late.requests).toBeLessThanOrEqual((early.bytes / early.requests) * 1.3)
    const events = await life.events()
    expect(events.length).toBeGreaterThanOrEqual(10_000)
    // Looking at it again changes nothing.
    const shown = [...life.records(), ...life.chapters()]
    await p.as('alice').post(`/repos/acme/widgets/issues/${life.issue}/labels`, { labels: ['priority/p2'] })
    await p.quiet()
    expect([...life.records(), ...life.chapters()]).toEqual(shown)
    const before = p.sandbox.log.unsupported.length
    const { report, dump, ...back } = await life.restored()
    expect(report.doubts).toEqual([])
    expect(back.events).toEqual(events)
    expect(dump).toBe(await p.app.store.projections.dump())
    expect(p.sandbox.log.unsupported).toHaveLength(before)
  },
)

type Moment = 'made' | 'folded' | 'named'

/** Kills the App the moment that GitHub has done this, before it hears of it. */
const killAt = (m: Machine, moment: Moment): { readonly died: () => boolean } => {
  const { comments } = m.sandbox.state
  const put = comments.put.bind(comments)
  const update = comments.update.bind(comments)
  let died = false
  const kill = (): void => {
    if (died) return
    died = true
    void m.kill()
  }
  comments.put = (row) => {
    const done = put(row)
    if (moment === 'made' && row.body.includes('<!-- muster:sealed ')) kill()
    return done
  }
  comments.update = (id, change) => {
    const done = update(id, change)
    if (moment === 'folded' && change.minimized === 'resolved') kill()
    if (moment === 'named' && change.body?.includes('"sealed":{') === true) kill()
    return done
  }
  return { died: () => died }
}

it.each<Moment>(['made', 'folded', 'named'])(
  'killed right after a chapter was %s, nothing is lost, doubled or written again',
  { timeout: 180_000 },
  async (moment) => {
    const m = await createMachine({ friendly: true })
    closing.push(m)
    await m.start()
    const issue = await m.issue('Sum is wrong')
    await m.say('alice', issue, '/task\n/ready')
    await m.labelled(issue, 'status/ready')
    const agent = await m.agent()
    const { died } = killAt(m, moment)
    for (let n = 0; n < 80 && !died(); n += 1) {
      await agent(issue, 'event', { name: 'step', data: { n, text: 'x'.repeat(900) } }).catch(() => null)
    }
    await eventually('the end of the first life', async () => (died() ? true : null))
    await m.start()
    await m.must('flush')
    const more = await m.agent()
    for (let n = 0; n < 80; n += 1) await more(issue, 'event', { name: 'more', data: { n, text: 'y'.repeat(900) } })
    await m.must('flush')
    const chapters = m.commentsOn(issue).filter(({ body }) => body.includes('<!-- muster:sealed '))
    const ends = chapters.map(({ body }) => Number(/ rev=(\d+) /.exec(body)?.[1]))
    expect(chapters.length).toBeGreaterThanOrEqual(2)
    expect(new Set(ends).size).toBe(ends.length)
    expect(m.records(issue)).toHaveLength(1)
    const before = await m.dump()
    await m.kill()
    const read = async () => {
      const store = await createSqliteStore({ path: join(m.data, SQLITE_FILE), clock: { now: () => Date.now() } })
      const events = await store.log.read(`task/401/${issue}`)
      await store.close()
      return events
    }
    const events = await read()
    m.lose()
    expect(JSON.parse(await m.must('restore', 'acme/widgets', '--json'))).toMatchObject({ doubts: [] })
    expect((await m.dump()).text).toBe(before.text)
    expect(await read()).toEqual(events)
  },
)
