/** Kills over a real store: what they stop, that they reach every project of a workspace at once, and what lifts them. */
import { expect, it } from 'vitest'
import type { Project } from '../../app/domain/project/project.ts'
import { turnKill, type KillCommand } from '../../app/engine/kill-switch.ts'
import { heartbeat } from '../../app/engine/heartbeat.ts'
import { fold } from '../../app/engine/fold.ts'
import { AGENT, ALICE } from '../domain/given.ts'
import { createTestEngine, OPEN_PROJECT, PROJECT, task } from './create-engine.ts'

const WORKSPACE: KillCommand = { type: 'kill', scope: 'workspace', agent: null, reason: 'a key has leaked' }
const OF_AGENT: KillCommand = { type: 'kill', scope: 'agent', agent: 'A1', reason: 'it deletes tests' }
const lift = ({ scope, agent }: KillCommand): KillCommand => ({ type: 'lift-kill', scope, agent, reason: 'settled' })

const given = async () => {
  const test = await createTestEngine()
  let n = 0
  const open = (repositoryId: number, installationId = 1) =>
    test.ask(`project/${repositoryId}`, {
      ...OPEN_PROJECT,
      repositoryId,
      installationId,
      repository: `acme/r${repositoryId}`,
      prefix: `P${repositoryId}`,
    } as never)
  const kill = (command: KillCommand, cause = `kill:${(n += 1)}`) =>
    turnKill(test.engine, { stream: PROJECT, command, actor: ALICE, cause })
  const killsOf = async (repositoryId: number) =>
    ((await test.store.projections.project(`project/${repositoryId}`)) as Project).kills?.map(({ scope }) => scope) ??
    []
  return { ...test, open, kill, killsOf }
}

it('a killed agent claims nothing and is told to stop, others go on, and lifting ends it', async () => {
  const { ready, claim, kill, engine } = await given()
  await ready(1)
  await ready(2)
  await ready(3)
  await claim(1, 'a1', AGENT)
  expect(await kill(OF_AGENT)).toMatchObject({ ok: true })

  expect((await claim(2, 'a1', AGENT)).outcome).toMatchObject({
    ok: false,
    rejection: { code: 'killed', scope: 'agent', reason: 'it deletes tests', by: 'alice' },
  })
  // Nor by a person in its name, nor its own lease once more.
  expect((await claim(2, 'a1', ALICE)).outcome).toMatchObject({ ok: false, rejection: { code: 'killed' } })
  expect((await claim(1, 'a1', AGENT)).outcome).toMatchObject({ ok: false, rejection: { code: 'killed' } })
  expect((await claim(3, 'alice', ALICE)).outcome.ok).toBe(true)

  const beat = await heartbeat(engine, task(1), { epoch: 1, n: 1 }, AGENT)
  expect(beat).toMatchObject({ ok: true, signals: { stop: { reason: 'agent killed by alice: it deletes tests' } } })
  expect(await heartbeat(engine, task(3), null, ALICE)).toEqual({ ok: true, until: expect.any(Number), signals: {} })

  expect(await kill(lift(OF_AGENT))).toMatchObject({ ok: true })
  expect((await claim(2, 'a1', AGENT)).outcome.ok).toBe(true)
  expect(await heartbeat(engine, task(1), { epoch: 1, n: 1 }, AGENT)).toEqual({
    ok: true,
    until: expect.any(Number),
    signals: {},
  })
})

it('a workspace is killed in all of its projects or in none, and a project that comes later takes it on', async () => {
  const { open, kill, killsOf, store } = await given()
  await open(8)
  await open(9, 2)
  await kill(WORKSPACE)
  await open(10)
  expect([await killsOf(7), await killsOf(8), await killsOf(9), await killsOf(10)]).toEqual([
    ['workspace'],
    ['workspace'],
    [],
    ['workspace'],
  ])
  const late = (await store.projections.project('project/10')) as Project
  expect(late.kills).toMatchObject([{ reason: 'a key has leaked', by: 'alice' }])
  // One that moves into the workspace as well.
  await open(9, 1)
  expect(await killsOf(9)).toEqual(['workspace'])

  await kill(lift(WORKSPACE))
  expect([await killsOf(7), await killsOf(8), await killsOf(9), await killsOf(10)]).toEqual([[], [], [], []])
  await open(11)
  expect(await killsOf(11)).toEqual([])
})

it('projects that open while their workspace is killed are never left out', async () => {
  const { open, kill, killsOf } = await given()
  await Promise.all([kill(WORKSPACE), ...Array.from({ length: 8 }, (_, n) => open(20 + n))])
  for (let n = 0; n < 8; n += 1) expect(await killsOf(20 + n)).toEqual(['workspace'])
})

it('the same cause kills once, and what is not killed is not lifted', async () => {
  const { kill, store } = await given()
  await kill(OF_AGENT, 'comment:1')
  await kill(lift(OF_AGENT))
  await kill(OF_AGENT, 'comment:1')
  expect(((await store.projections.project(PROJECT)) as Project).kills).toBeUndefined()
  expect(await kill(lift(OF_AGENT))).toMatchObject({ ok: false, rejection: { code: 'not-killed', agent: 'A1' } })
  expect(await kill(lift(WORKSPACE))).toMatchObject({ ok: false, rejection: { code: 'not-killed' } })
})

it('a project that is folded from its events has the kills that it had', async () => {
  const { kill, store } = await given()
  await kill(OF_AGENT)
  await kill(WORKSPACE)
  const { state } = await store.log.load(PROJECT)
  expect(fold(PROJECT, null, await store.log.read(PROJECT)).state).toBe(state)
  expect(JSON.parse(state ?? '').kills).toHaveLength(2)
})
