import { expect, test } from 'vitest'
import type { GitHub } from '../../../app/outbound/github/client.ts'
import { redeliverMissed } from '../../../app/outbound/github/redeliver-missed.ts'

const NOW = Date.UTC(2026, 0, 10)
const HOUR_MS = 3_600_000

/** A log of `pages` full pages, one an hour, newest first; only the very oldest delivery failed. */
const githubWith = (pages: number, again: number[]): Pick<GitHub, 'asApp'> => ({
  asApp: (async (route: string, options: { cursor?: string; delivery_id?: number }) => {
    if (route.startsWith('POST')) {
      again.push(options.delivery_id ?? 0)
      return { data: {}, headers: {} }
    }
    const page = Number(options.cursor ?? 0)
    const data = Array.from({ length: 100 }, (_, n) => ({
      id: page * 100 + n,
      guid: `guid-${page}-${n}`,
      delivered_at: new Date(NOW - page * HOUR_MS).toISOString(),
      status_code: page === pages - 1 && n === 99 ? 502 : 200,
    }))
    const link = page === pages - 1 ? undefined : `<https://x/deliveries?cursor=${page + 1}&per_page=100>; rel="next"`
    return { data, headers: { link } }
  }) as GitHub['asApp'],
})

const lookBack = async (hours: number): Promise<readonly number[]> => {
  const again: number[] = []
  const github = githubWith(70, again) as GitHub
  await redeliverMissed({ github, log: { warn: () => {} } }, NOW - hours * HOUR_MS)
  return again
}

test('an outage of any length is looked through to its beginning', async () => {
  expect(await lookBack(72)).toEqual([6999])
})

test('what is older than the outage is left alone', async () => {
  expect(await lookBack(60)).toEqual([])
})
