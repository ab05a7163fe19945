import { describe, expect, it } from 'vitest'
import { createTokenBook } from '../../app/sandbox/auth/token-book.ts'
import { createManualClock } from '../../app/sandbox/clock.ts'
import { createRequestLog } from '../../app/sandbox/http/request-log.ts'
import { createState } from '../../app/sandbox/model/state.ts'
import { createRandom } from '../../app/sandbox/model/random.ts'
import { FRIENDLY } from '../../app/sandbox/switches.ts'
import { createDeliveryQueue } from '../../app/sandbox/webhooks/delivery-queue.ts'

describe('the request log', () => {
  const entry = { at: 0, actor: 'app', login: null, method: 'GET', path: '/', status: 200, points: 1 } as const

  it('counts for ever and keeps a bounded number of entries and routes', () => {
    const log = createRequestLog()
    for (let i = 0; i < 50_000; i++) log.record({ ...entry, route: `GET /teapot/${i}` })
    expect(log.entries.length).toBeLessThanOrEqual(20_000)
    const { total, by_route: routes } = log.counts()
    expect(total).toBe(50_000)
    expect(Object.keys(routes['app'] ?? {}).length).toBeLessThanOrEqual(1001)
    expect(Object.values(routes['app'] ?? {}).reduce((sum, n) => sum + n, 0)).toBe(50_000)
  })

  it('names what is not supported once, and not without end', () => {
    const log = createRequestLog()
    for (let i = 0; i < 3; i++) log.recordUnsupported('GET /teapots')
    expect(log.unsupported).toEqual(['GET /teapots'])
    for (let i = 0; i < 5000; i++) log.recordUnsupported(`GET /teapots/${i}`)
    expect(log.unsupported).toHaveLength(1000)
  })
})

it('the delivery log drops the oldest by number and by size, and sends them all the same', async () => {
  const clock = createManualClock()
  const state = createState(clock)
  const queue = createDeliveryQueue({
    clock,
    ids: state.ids,
    random: createRandom(1),
    switches: { ...FRIENDLY },
    apps: state.apps,
  })
  const delivery = { appId: 1, installationId: 1, repositoryId: 1, event: 'push', action: null, violations: [] }
  for (let i = 0; i < 5010; i++) queue.enqueue({ ...delivery, body: `${i}` })
  expect(queue.list()).toHaveLength(5000)
  expect(queue.list()[0]?.body).toBe('10')
  const large = 'x'.repeat(16 * 1024 * 1024)
  for (let i = 0; i < 6; i++) queue.enqueue({ ...delivery, body: large })
  expect(queue.list().reduce((sum, one) => sum + one.body.length, 0)).toBeLessThanOrEqual(64 * 1024 * 1024)
  expect(queue.pending).toBe(5016)
  clock.advance(1)
  await queue.idle()
  expect(queue.list().every((one) => one.status !== 'pending')).toBe(true)
})

it('the book of tokens forgets the expired ones', () => {
  const clock = createManualClock()
  const book = createTokenBook(clock, 1, { ...FRIENDLY })
  const grant = { appId: 1, installationId: 1, permissions: {}, repositories: 'all' } as const
  for (let i = 0; i < 3000; i++) {
    book.mintInstallation(grant)
    if (i % 500 === 0) clock.advance(3_600_000)
  }
  expect(book.size).toBeLessThan(1600)
})
