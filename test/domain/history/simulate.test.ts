import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { simulate } from '../../../app/domain/history/simulate.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { TaskCommand, TaskCommandOf } from '../../../app/domain/task/commands.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { AGENT, READY, claim, fail, played, replay } from '../given.ts'
import { histories, play } from '../task/histories.ts'

const HOUR = 3_600_000

const chosen = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  backoffMs: fc.constantFrom(1_000, 60_000),
  ofClass: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
  ttlMs: fc.constantFrom(60_000, 1_800_000),
  maxTtlMs: fc.constantFrom(HOUR, 24 * HOUR),
  agents: fc.constantFrom<readonly string[]>([], ['a1'], ['bob', 'a1']),
})

type Chosen = typeof chosen extends fc.Arbitrary<infer Value> ? Value : never

const settingsOf = ({ maxAttempts, backoffMs, ofClass, ttlMs, maxTtlMs, agents }: Chosen): Settings => ({
  ...DEFAULT_SETTINGS,
  agents: agents.map((id) => ({ id, capabilities: [] })),
  lease: { ttlMs, maxTtlMs },
  retry: {
    maxAttempts,
    backoffMs,
    maxBackoffMs: HOUR,
    classes: ofClass === null ? {} : { rate_limit: { maxAttempts: ofClass } },
  },
})

it('lists nothing under the settings that the log was made with, and leaves the log as it is', () => {
  let looked = 0
  fc.assert(
    fc.property(histories, chosen, (history, choice) => {
      const settings = settingsOf(choice)
      const events = play(history, () => undefined, settings)
      const before = canonicalJson(events)
      for (const base of [0, Math.floor(events.length / 2)]) {
        const task = replay(events.slice(0, base))
        const cut = { base: task === null ? null : { version: base, task }, events: events.slice(base) }
        const simulated = simulate(cut, settings)
        looked += simulated.looked
        expect(simulated.divergences).toEqual([])
      }
      expect(canonicalJson(events)).toBe(before)
    }),
  )
  expect(looked).toBeGreaterThan(50)
})

const byAgent = { actor: AGENT }
const FENCED = { epoch: 1, n: 1 }
const failed = played(...READY, [claim('a1', { ttlMs: 2 * HOUR }), byAgent], [fail({ fence: FENCED }), byAgent])

const under = (over: Partial<Settings>) => simulate({ base: null, events: failed }, { ...DEFAULT_SETTINGS, ...over })

it('says who would have been asked instead of waiting, and the other way round', () => {
  const once = under({ retry: { ...DEFAULT_SETTINGS.retry, maxAttempts: 1 } })
  expect(once).toMatchObject({
    looked: 2,
    divergences: [
      {
        key: 'DEV-12',
        version: 4,
        event: 'attempt-failed',
        was: { outcome: 'decided', events: [{ type: 'task-held' }] },
        would: { outcome: 'decided', events: [{ type: 'human-needed' }] },
      },
    ],
  })
  const later = under({ retry: { ...DEFAULT_SETTINGS.retry, backoffMs: 600_000 } })
  const [held] = later.divergences
  const until = (side: 'was' | 'would') => held?.[side].outcome === 'decided' && held[side].events[0]?.data
  expect(until('was')).not.toEqual(until('would'))
  expect(later.divergences.map(({ would }) => would)).toMatchObject([{ events: [{ type: 'task-held' }] }])
})

it('says which claims would have been refused', () => {
  const others = under({ agents: [{ id: 'codex', capabilities: [] }] })
  expect(others.divergences).toMatchObject([
    { version: 3, event: 'lease-granted', would: { outcome: 'refused', rejection: { code: 'invalid-argument' } } },
  ])
  const shorter = under({ lease: { ttlMs: HOUR, maxTtlMs: HOUR } })
  expect(shorter.divergences).toMatchObject([{ would: { rejection: { code: 'ttl-out-of-range' } } }])
})

it('knows what a limit said to wait', () => {
  const report: TaskCommand = {
    type: 'report-attempt',
    attempt: 1,
    source: 'ci.yml / unit',
    passed: false,
    failure: { class: 'rate_limit', message: 'm' },
    headSha: null,
    measures: {
      trust: 'ci',
      durationMs: null,
      tokens: null,
      costMicroUsd: null,
      model: null,
      tests: null,
      run: null,
      logTail: null,
    },
    artifacts: [],
    retryAfterMs: 5 * HOUR,
  }
  const events = played(...READY, [claim('a1'), byAgent], [report])
  const retry = { ...DEFAULT_SETTINGS.retry, backoffMs: 1_000 }
  expect(simulate({ base: null, events }, { ...DEFAULT_SETTINGS, retry }).divergences).toEqual([])
})

const having = (event: TaskEvent, data: unknown): TaskEvent => ({ ...event, data }) as TaskEvent

describe('a claim whose time to live was the default', () => {
  const short = { ...DEFAULT_SETTINGS, lease: { ttlMs: 600_000, maxTtlMs: HOUR } }

  it('is made again with the other default, and one that was asked for as it was', () => {
    const bare = played(...READY, [claim('a1'), byAgent])
    expect(simulate({ base: null, events: bare }, short).divergences).toMatchObject([
      { was: { events: [{ data: { ttlMs: 1_800_000 } }] }, would: { events: [{ data: { ttlMs: 600_000 } }] } },
    ])
    const asked = played(...READY, [claim('a1', { ttlMs: 1_800_000 }), byAgent])
    expect(simulate({ base: null, events: asked }, short).divergences).toEqual([])
    // Versions that kept no note of it: as if it had been asked for.
    const old = bare.map((event): TaskEvent => {
      if (event.type !== 'lease-granted') return event
      const { ttlAsked: _, ...data } = event.data
      return having(event, data)
    })
    expect(simulate({ base: null, events: old }, short).divergences).toEqual([])
  })

  const DEADLINE = 5_000_000
  const expired = (over: Partial<TaskCommandOf<'claim-task'>> = {}, late = 0) =>
    played(...READY, [claim('a1', over), byAgent], [{ type: 'tick', leaseUntil: DEADLINE }, { now: DEADLINE + late }])
  const ends = (events: readonly TaskEvent[], settings: Settings) =>
    simulate({ base: null, events }, settings).divergences.filter(({ event }) => event === 'lease-expired')
  const long = { ...DEFAULT_SETTINGS, lease: { ttlMs: 2 * HOUR, maxTtlMs: 24 * HOUR } }

  it('would have run out earlier or later, by the heartbeats that really were', () => {
    expect(ends(expired(), DEFAULT_SETTINGS)).toEqual([])
    expect(ends(expired(), short)).toMatchObject([
      {
        was: { events: [{ type: 'lease-expired', data: { deadline: DEADLINE } }, { type: 'task-readied' }] },
        would: { events: [{ data: { deadline: DEADLINE - 1_200_000 } }, { type: 'task-readied' }] },
      },
    ])
    expect(ends(expired(), long)).toMatchObject([{ would: { outcome: 'decided', events: [] } }])
    // Time may have passed over it by so much that it would have run out all the same.
    expect(ends(expired({}, 9 * HOUR), long)).toMatchObject([
      { would: { events: [{ data: { deadline: DEADLINE + 5_400_000 } }, {}] } },
    ])
    expect(ends(expired({ ttlMs: 1_800_000 }), long)).toEqual([])
  })

  it('would have been taken over, or not, by the share of silence that is allowed', () => {
    const half = { ...DEFAULT_SETTINGS, lease: { ...DEFAULT_SETTINGS.lease, stealAfter: 0.5 } }
    const steal = claim('b1', { steal: true, leaseUntil: DEADLINE })
    const taken = played(
      ...READY,
      [claim('a1'), byAgent],
      [steal, { actor: { kind: 'agent', id: 'b1' }, now: DEADLINE - 800_000, settings: half }],
    )
    expect(ends(taken, half)).toEqual([])
    expect(ends(taken, DEFAULT_SETTINGS)).toMatchObject([
      { was: { events: [{ data: { takenBy: 'b1' } }] }, would: { events: [] } },
    ])
    const later = { ...half, lease: { ...half.lease, stealAfter: 0.9 } }
    expect(ends(taken, later)).toMatchObject([{ would: { events: [] } }])
    expect(ends(taken, { ...half, lease: { ...half.lease, ttlMs: 600_000 } })).toMatchObject([
      { would: { events: [{ data: { deadline: DEADLINE - 1_200_000 } }, { type: 'task-readied' }] } },
    ])
  })
})
