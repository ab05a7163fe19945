/**
 * Kills the App with SIGKILL before and after every committed database write and every outgoing request of one task's life,
 * and starts it again. However it went, the end is that of the undisturbed life.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { issueAgentKey } from '../../app/inbound/http/agent-key.ts'
import { createSandbox } from '../../app/sandbox/sandbox.ts'
import { writeSandboxEnv } from '../../app/sandbox/write-sandbox-env.ts'
import { openStore } from '../../app/store/open-store.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { startApp } from './app-process.ts'
import { live, type EndState } from './life.ts'

/** Lives that run side by side: each waits most of its time. */
const TOGETHER = Number(process.env['MUSTER_KILLS_TOGETHER'] ?? 6)
/** Every how many-th point is tried; 1: all of them. */
const STRIDE = Number(process.env['MUSTER_KILL_STRIDE'] ?? 1)

/** How many points to leave out at the beginning: to go on where a run was broken off. */
const FROM = Number(process.env['MUSTER_KILL_FROM'] ?? 0)
/** All of them take three quarters of an hour of two cores, and longer where they are shared. */
const PATIENCE_MS = 3 * 60 * 60_000

/** One point alone, such as `commit:31:before`: to look at a failure again. */
const ONLY = process.env['MUSTER_KILL_ONLY'] ?? ''

interface Life {
  readonly end: EndState
  readonly deaths: number
  readonly counts: { readonly commit: number; readonly request: number }
}

const oneLife = async (dieAt: string | null, expected: EndState | null = null): Promise<Life> => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-kill-'))
  const data = join(dir, 'data')
  mkdirSync(data)
  const sandbox = await createSandbox({ keys: SEED_KEYS, switches: { deliveryDelayMs: [0, 120], staleListMs: 1000 } })
  const envFile = await writeSandboxEnv(dir, sandbox)
  const app = await startApp({ envFile, data, dieAt: dieAt ?? 'never:0:before' })
  sandbox.setWebhookUrl(`${app.url}/api/github/webhooks`)
  try {
    const end = await live(
      sandbox,
      app.url,
      async () => {
        const store = await openStore({ databaseUrl: null, dataDir: data, clock: { now: () => Date.now() } })
        try {
          return await issueAgentKey(store.agentKeys, 'claude', 'project/401')
        } finally {
          await store.close()
        }
      },
      (end) => expected === null || isDeepStrictEqual(end, expected),
    )
    return { end, deaths: app.deaths(), counts: app.counts() }
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null
    throw new Error(`killed at ${dieAt ?? 'no point'}: ${String(error)} (${String(cause)})`, { cause: error })
  } finally {
    await app.stop()
    await sandbox.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

it('ends the same wherever the App is killed', { timeout: PATIENCE_MS }, async () => {
  const undisturbed = await oneLife(null)
  expect(undisturbed.end).toMatchObject({ status: 'done', recordComments: 1, unsupported: [] })
  // All of before first, then all of after: whatever the stride, both are tried.
  const points = (['before', 'after'] as const).flatMap((when) =>
    (['commit', 'request'] as const).flatMap((kind) =>
      Array.from({ length: undisturbed.counts[kind] }, (_, n) => `${kind}:${n + 1}:${when}`),
    ),
  )
  const chosen = points.filter((point, index) => (ONLY === '' ? index >= FROM && index % STRIDE === 0 : point === ONLY))
  const wrong: string[] = []
  if (ONLY !== '') console.log(JSON.stringify(undisturbed.end))
  let deaths = 0
  const queue = chosen.values()
  let lived = 0
  const tell = (problem: string): void => {
    wrong.push(problem)
    console.log(problem)
  }
  await Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      for (const point of queue) {
        const life = await oneLife(point, undisturbed.end).catch((error: unknown) => String(error))
        if (typeof life === 'string') tell(life)
        else {
          deaths += life.deaths
          try {
            expect(life.end).toEqual(undisturbed.end)
          } catch (error) {
            tell(`${point}: ${error instanceof Error ? error.message : String(error)}\n${JSON.stringify(life.end)}`)
          }
        }
        lived += 1
        if (lived % 50 === 0) console.log(`${lived} of ${chosen.length} points tried, ${wrong.length} wrong`)
      }
    }),
  )
  const { commit, request } = undisturbed.counts
  console.log(
    `killed before and after ${commit} commits and ${request} requests: ${chosen.length} of ${points.length} points tried, ${deaths} reached`,
  )
  expect(wrong).toEqual([])
  expect(deaths).toBeGreaterThan(chosen.length * 0.8)
})
