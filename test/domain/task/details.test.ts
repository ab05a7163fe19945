import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { TIERS, type DetailChanges } from '../../../app/domain/task/details.ts'
import { DETAIL_LISTS, MAX_DETAIL_CHARS, MOST } from '../../../app/domain/task/limits.ts'
import { readTask } from '../../../app/domain/task/read-task.ts'
import { taskStateSchema } from '../../../schemas/task-state.ts'
import type { Fence } from '../../../app/domain/task/state.ts'
import { AGENT, BOB, CLAIMED, CREATE, READY, claim, given } from '../given.ts'

const update = (changes: DetailChanges) => ({ type: 'update-task', changes }) as const

describe('what is declared of a task', () => {
  it('is one event for all that changed, and none for what is so already', () => {
    const tagged = given([CREATE], [update({ tags: ['api'], tier: 'simple' })])
    tagged.when(update({ tags: ['api'] })).gives()
    const task = tagged.when(update({ tags: ['api'], tier: 'complex', deadline: 9 })).gives('task-updated')
    expect(task.details).toEqual({ tags: ['api'], tier: 'complex', deadline: 9 })
  })

  it('is taken away with null, and that only once', () => {
    const task = given([CREATE], [update({ tier: 'simple', tags: [] })])
      .when(update({ tier: null }))
      .gives('task-updated')
    expect(task.details).toEqual({ tags: [] })
    given([CREATE])
      .when(update({ tier: null }))
      .gives()
  })

  it('is refused when a record could not hold it', () => {
    for (const name of DETAIL_LISTS) {
      const many = Array.from({ length: MOST[name] + 1 }, (_, at) =>
        name === 'links' ? { kind: 'other', target: `x${at}` } : `x${at}`,
      )
      given([CREATE])
        .when(update({ [name]: many }))
        .rejects('too-many')
    }
    given([CREATE])
      .when(update({ input: 'x'.repeat(MAX_DETAIL_CHARS) }))
      .rejects('invalid-argument')
  })

  it('is the same after a replay whatever was declared in whatever order, and fits the schema of records', () => {
    const changes = fc.record(
      {
        tags: fc.option(fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }), { nil: null }),
        tier: fc.constantFrom(...TIERS, null),
        deadline: fc.option(fc.nat(), { nil: null }),
        input: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: null }),
        budget: fc.constantFrom({ microUsd: 5, tokens: null }, null),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 8 }), (all) => {
        const { task } = given([CREATE], ...all.map((one) => [update(one as DetailChanges)] as const))
        const expected = Object.fromEntries(
          Object.entries(Object.assign({}, ...all) as object).filter(([, value]) => value !== null),
        )
        expect(canonicalJson(task?.details)).toBe(canonicalJson(expected))
        expect(taskStateSchema.safeParse(task).success).toBe(true)
      }),
    )
  })
})

describe('lists and deadlines', () => {
  it('gains and loses items one by one, on the list as it stands', () => {
    const tagged = given(
      [CREATE],
      [{ type: 'edit-lists', add: { tags: ['a', 'b'] } }],
      [{ type: 'edit-lists', add: { tags: ['b', 'c'] }, remove: { tags: ['a'] } }],
    )
    expect(tagged.task?.details.tags).toEqual(['b', 'c'])
    tagged.when({ type: 'edit-lists', add: { tags: ['c'] }, remove: { tags: ['z'] } }).gives()
    given([CREATE])
      .when({ type: 'edit-lists', remove: { links: [{ kind: 'commit', target: 'x' }] } })
      .gives()
    const full = Array.from({ length: MOST.tags }, (_, at) => `t${at}`)
    given([CREATE], [update({ tags: full })])
      .when({ type: 'edit-lists', add: { tags: ['one more'] } })
      .rejects('too-many')
  })

  it('counts a deadline from when it was said', () => {
    const due = given([CREATE], [{ type: 'set-deadline', by: { inMs: 60_000 } }, { now: 2_000_000 }])
    expect(due.task?.details.deadline).toBe(2_060_000)
    expect(due.when({ type: 'set-deadline', by: { at: 7 } }).gives('task-updated').details.deadline).toBe(7)
    expect(due.when({ type: 'set-deadline', by: null }).gives('task-updated').details).toEqual({})
  })
})

describe('what its holder says of the work', () => {
  const fence: Fence = { epoch: 1, n: 1 }

  it('shows where the work stands, with the time a phase was entered', () => {
    const task = given(
      ...CLAIMED,
      [{ type: 'enter-phase', name: 'implement', fence: null }, { now: 2_000_000 }],
      [{ type: 'report-progress', percent: 40, text: '4 of 10 files', fence: null }, { now: 3_000_000 }],
      [{ type: 'set-next-step', text: 'the parser', fence: null }],
    ).task
    expect(task?.details).toEqual({
      phase: { name: 'implement', since: 2_000_000 },
      progress: { percent: 40, text: '4 of 10 files', at: 3_000_000 },
      nextStep: 'the parser',
    })
  })

  it('is void with the lease', () => {
    const lost = given(...READY, [claim('a1'), { actor: AGENT }], [{ type: 'tick', leaseUntil: 0 }])
    const stale = { epoch: 0, n: 1 }
    for (const given of [fence, stale]) {
      const after = lost.when({ type: 'report-progress', percent: 1, text: null, fence: given }, { actor: AGENT })
      expect(after.decision.ok).toBe(false)
    }
  })

  it('is said by agents under their lease only, by people at any time', () => {
    const phase = { type: 'enter-phase', name: 'x', fence: null } as const
    given(...READY)
      .when(phase, { actor: AGENT })
      .rejects('no-lease')
    given(...CLAIMED)
      .when({ ...phase, fence }, { actor: AGENT })
      .rejects('not-the-holder')
    const held = given(...READY, [claim('a1'), { actor: AGENT }])
    held.when(phase, { actor: AGENT }).rejects('fence-missing')
    held.when({ ...phase, fence }, { actor: AGENT }).gives('phase-entered')
    held.when(phase, { actor: BOB }).gives('phase-entered')
  })

  it('changes nothing when it is said again, and a next step can be taken back', () => {
    const said = given(...CLAIMED, [{ type: 'set-next-step', text: 'x', fence: null }])
    said.when({ type: 'set-next-step', text: 'x', fence: null }).gives()
    expect(said.when({ type: 'set-next-step', text: null, fence: null }).gives('next-step-set').details).toEqual({})
  })
})

it('keeps an event of somebody’s own kind in the history only', () => {
  const before = given(...CLAIMED)
  const command = { type: 'record-custom', name: 'deployed', data: { to: 'staging' }, fence: null } as const
  expect(before.when(command).gives('custom-recorded')).toEqual(before.task)
})

it('a state that an earlier version wrote is read as one without details', () => {
  const { details: _, ...older } = given([CREATE]).task ?? {}
  expect(readTask(canonicalJson(older))).toEqual(given([CREATE]).task)
})
