/** Work in progress is bounded where the configuration says so; who is refused is told when to ask again. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../app/domain/actor.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../app/domain/settings.ts'
import { createClaimNext } from '../../app/engine/claim-next.ts'
import type { Handled } from '../../app/engine/handle-command.ts'
import { ALICE, claim } from '../domain/given.ts'
import { createTestEngine, OPEN_PROJECT, PROJECT, task } from './create-engine.ts'

const given = async (over: Partial<Settings>) => {
  const test = await createTestEngine({ ...DEFAULT_SETTINGS, ...over })
  const claimNext = createClaimNext(test.engine)
  for (let n = 1; n <= 6; n += 1) await test.ready(n)
  return {
    ...test,
    claimNext,
    by: (n: number, id: string, cause?: string) => test.ask(task(n), claim(id), { kind: 'agent', id }, cause),
  }
}
const answer = ({ outcome }: Handled) => (outcome.ok ? 'ok' : outcome.rejection)
const limit = (of: string, most: number, agent: string | null = null) =>
  expect.objectContaining({ code: 'wip-limit', of, agent, most, retryAfterMs: 15_000 }) as object

describe('a limit on work in progress', () => {
  it('of each agent holds for agents, one of its own goes before, and people are not counted as one', async () => {
    const agents = [
      { id: 'a', capabilities: [] },
      { id: 'b', capabilities: [], wip: 2 },
      { id: 'alice', capabilities: [] },
    ]
    const { by, ask, claim: claimTask } = await given({ agents, wip: { agent: 1 } })
    expect(answer(await by(1, 'a'))).toBe('ok')
    expect(answer(await by(2, 'a'))).toEqual(limit('agent', 1, 'a'))
    expect(answer(await by(2, 'b'))).toBe('ok')
    expect(answer(await by(3, 'b'))).toBe('ok')
    expect(answer(await by(4, 'b'))).toEqual(limit('agent', 2, 'b'))
    expect(answer(await claimTask(4))).toBe('ok')
    expect(answer(await claimTask(5))).toBe('ok')
    await ask(task(1), { type: 'release-task', fence: { epoch: 1, n: 1 }, reason: 'x' }, { kind: 'agent', id: 'a' })
    expect(answer(await by(6, 'a'))).toBe('ok')
  })

  it('of the project counts everybody, and the holder may claim its own again', async () => {
    const { by, claim: claimTask } = await given({ wip: { project: 2 } })
    await by(1, 'a')
    await claimTask(2)
    expect(answer(await by(3, 'b'))).toEqual(limit('project', 2))
    expect(answer(await by(1, 'a'))).toBe('ok')
  })

  it('of the workspace counts all projects of the installation', async () => {
    const { by, ask } = await given({ wip: { workspace: 2 } })
    const other = { ...OPEN_PROJECT, repositoryId: 8, repository: 'acme/other' }
    await ask('project/8', other)
    await ask('project/9', { ...other, repositoryId: 9, installationId: 2 } as typeof OPEN_PROJECT)
    for (const id of [8, 9]) {
      const create = { type: 'create-task', key: `O-${id}`, number: 1, title: 't', priority: 'p2' } as const
      await ask(`task/${id}/1`, { ...create, project: `project/${id}` })
      await ask(`task/${id}/1`, { type: 'ready-task' })
      expect(answer(await ask(`task/${id}/1`, claim('alice')))).toBe('ok')
    }
    expect(answer(await by(1, 'a'))).toBe('ok')
    expect(answer(await by(2, 'a'))).toEqual(limit('workspace', 2))
  })

  it('is never passed, and what was refused for it may be asked under the same key when there is room', async () => {
    const { claimNext, store, ask } = await given({ wip: { project: 3 } })
    const actor: Actor = { kind: 'agent', id: 'a' }
    const command = { owner: 'a', ttlMs: null, baseSha: null, model: null, runId: null }
    const next = (n: number) => claimNext({ stream: PROJECT, command, actor, cause: `c${n}`, fingerprint: 'f' })
    const handled = await Promise.all([1, 2, 3, 4, 5, 6].map(next))
    expect(handled.filter(({ outcome }) => outcome.ok)).toHaveLength(3)
    const refused = handled.findIndex(({ outcome }) => !outcome.ok)
    expect(answer(handled[refused] as Handled)).toEqual(limit('project', 3))
    expect((await store.projections.standing(PROJECT)).claimed).toBe(3)
    const held = handled.find(({ outcome }) => outcome.ok)?.state
    if (held === null || held === undefined || !('lease' in held)) throw new Error('no task')
    await ask(held.stream, { type: 'cancel-task', reason: 'no' })
    expect(answer(await next(refused + 1))).toBe('ok')
  })

  it('is remembered for a comment, which is read once', async () => {
    const { by, ask, claim: claimTask, store } = await given({ wip: { project: 1 } })
    await by(1, 'a')
    const first = await ask(task(2), claim('alice'), ALICE, 'comment:1')
    expect(answer(first)).toEqual(limit('project', 1))
    await ask(task(1), { type: 'cancel-task', reason: 'no' })
    expect(await ask(task(2), claim('alice'), ALICE, 'comment:1')).toMatchObject({
      repeated: true,
      outcome: first.outcome,
    })
    expect(answer(await claimTask(2))).toBe('ok')
    expect(await store.log.findOutcome('comment:1')).toEqual(first.outcome)
  })
})
