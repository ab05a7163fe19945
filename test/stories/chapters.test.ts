/** A history that is too long for one comment goes into chapters; people see a folded line, and an empty database gets all of it back. */
import { afterEach, expect, it } from 'vitest'
import { LEDGER_DEBOUNCE_MS } from '../../app/engine/effects.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { longLife } from './chapters.ts'
import { play, type Play } from './play.ts'

const REPO = '/repos/acme/widgets'
/** Longer than GitHub's replicas lag behind a write of ours. */
const SETTLED_MS = 20_000

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const start = async () => {
  const p = (open = await play({ friendly: true, keys: SEED_KEYS, speed: 15 }))
  const life = await longLife(p)
  const settle = async (): Promise<void> => {
    p.pass(SETTLED_MS)
    await p.quiet()
    p.pass(LEDGER_DEBOUNCE_MS)
    await p.quiet()
  }
  for (let n = 0; n < 6; n += 1) {
    await life.work(20)
    await p.quiet()
  }
  await settle()
  return { p, ...life, settle }
}

it('seals what is too much, folded up for people, and everything comes back byte for byte', async () => {
  const { p, records, chapters, restored, events } = await start()
  expect(chapters().length).toBeGreaterThanOrEqual(2)
  expect(chapters().map(({ minimized }) => minimized)).toEqual(chapters().map(() => 'resolved'))
  expect(records()).toHaveLength(1)
  expect(records()[0]?.minimized).toBeNull()
  for (const { body } of [...records(), ...chapters()]) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(48 * 1024)
  const { report, known, base, ...back } = await restored()
  expect(report.doubts).toEqual([])
  expect(back.events).toEqual(await events())
  expect(back.dump).toBe(await p.app.store.projections.dump())
  expect(base).toBeNull()
  expect(known).toMatchObject({ ok: true })
  expect(p.sandbox.log.unsupported).toEqual([])
})

it('puts back what people and other Apps do to chapters, and says who', { timeout: 40_000 }, async () => {
  const { p, issue, chapters, restored, events, tampering, settle } = await start()
  const [first, second] = chapters()
  await p.as('claude').patch(`${REPO}/issues/comments/${first?.id ?? 0}`, { body: 'Nothing to see here.' })
  await settle()
  expect(chapters()[0]).toMatchObject({ id: first?.id, body: first?.body })
  await p.as('alice').delete(`${REPO}/issues/comments/${second?.id ?? 0}`)
  await settle()
  expect(chapters().map(({ id }) => id)).not.toContain(second?.id)
  expect(chapters().at(-1)?.minimized).toBe('resolved')
  expect(await tampering()).toEqual(['chapter-edited by claude[bot]', 'chapter-deleted by alice'])
  // Whoever pastes one gains nothing by it.
  await p.as('bob').post(`${REPO}/issues/${issue}/comments`, { body: first?.body ?? '' })
  await settle()
  expect(await tampering()).toEqual([
    'chapter-edited by claude[bot]',
    'chapter-deleted by alice',
    'record-forged by bob',
  ])
  const { report, ...back } = await restored()
  expect(report.doubts).toEqual([])
  expect(back.events).toEqual(await events())
})
