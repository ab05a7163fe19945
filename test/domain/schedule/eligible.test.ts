import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CANARY_SHARE, unfitFor } from '../../../app/domain/schedule/eligible.ts'
import { shareOf } from '../../../app/domain/schedule/share-of.ts'
import type { AgentSettings } from '../../../app/domain/settings.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { AGENT, ALICE, claim, given, READY } from '../given.ts'

const TASKS = Array.from({ length: 4000 }, (_, n) => ({ stream: `task/7/${n + 1}`, requires: [] }) as const)
const taken = (agent: AgentSettings) =>
  TASKS.filter((task) => unfitFor(task, agent) === null).map(({ stream }) => stream)
const canary = (id: string, share?: number): AgentSettings => ({
  id,
  capabilities: [],
  trust: 'canary',
  ...(share === undefined ? {} : { share }),
})

describe('an agent', () => {
  it('takes what needs nothing that it lacks', () => {
    const task = { stream: 'task/7/1', requires: ['gpu', 'rust'] } as const
    const able = (...capabilities: readonly string[]) => unfitFor(task, { id: 'a1', capabilities })
    expect(able('rust', 'gpu', 'go')).toBeNull()
    expect(able('rust')).toEqual({ lacks: ['gpu'] })
    expect(able()).toEqual({ lacks: ['gpu', 'rust'] })
  })

  it('on trial takes its share of the tasks, always the same ones, and no two agents the same', () => {
    const third = taken(canary('a1', 0.3))
    expect(third.length / TASKS.length).toBeCloseTo(0.3, 1)
    expect(taken(canary('a1', 0.3))).toEqual(third)
    expect(taken(canary('a1')).length / TASKS.length).toBeCloseTo(CANARY_SHARE, 1)
    expect(taken(canary('a1', 1))).toHaveLength(TASKS.length)
    expect(taken(canary('a1', 0))).toEqual([])
    const both = taken(canary('a2', 0.3)).filter((stream) => third.includes(stream))
    expect(both.length / TASKS.length).toBeCloseTo(0.09, 1)
    // A larger share has all that the smaller one had.
    expect(taken(canary('a1', 0.5))).toEqual(expect.arrayContaining(third))
  })

  it('has a place for every task between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (agent, n) => {
        const share = shareOf(agent, `task/7/${n}`)
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThan(1)
      }),
    )
  })
})

describe('a claim by name', () => {
  const needs: TaskCommand = { type: 'update-task', changes: { requires: ['gpu'] } }
  const settings = (agent: Partial<AgentSettings>) => ({
    ...DEFAULT_SETTINGS,
    agents: [{ id: 'a1', capabilities: [], ...agent }],
  })

  it('is refused where the agent lacks what the task needs, whoever claims for it', () => {
    const task = given(...READY, [needs])
    for (const actor of [AGENT, ALICE]) {
      task.when(claim('a1'), { actor, settings: settings({}) }).rejects('lacks-capabilities')
      task.when(claim('a1'), { actor, settings: settings({ capabilities: ['gpu'] }) }).gives('lease-granted')
    }
    task.when(claim('a1'), { actor: AGENT }).rejects('lacks-capabilities')
    task.when(claim('alice')).gives('lease-granted')
  })

  it('is refused to an agent on trial outside its share, unless a person claims for it', () => {
    const none = settings({ trust: 'canary', share: 0 })
    given(...READY)
      .when(claim('a1'), { actor: AGENT, settings: none })
      .rejects('outside-share')
    given(...READY)
      .when(claim('a1'), { settings: none })
      .gives('lease-granted')
  })

  it('has the time to live that the task names, within the limits', () => {
    const ttl = (leaseTtlMs: number) =>
      given(...READY, [{ type: 'update-task', changes: { leaseTtlMs } }])
        .when(claim('alice'))
        .gives('lease-granted').lease?.ttlMs
    expect([ttl(3_600_000), ttl(1), ttl(10 ** 12)]).toEqual([3_600_000, 30_000, 86_400_000])
  })

  it('can ask for a task that nobody holds: then not for the holder’s own again', () => {
    given(...READY, [claim('alice')])
      .when(claim('alice', { unheld: true }))
      .rejects('already-claimed')
  })
})
