import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../app/domain/event/canonical-json.ts'
import { changesBetween } from '../../../app/domain/history/changes-between.ts'
import { difference, overlaps, renderPath, withDifference } from '../../../app/domain/history/difference.ts'
import { taskAt, type History } from '../../../app/domain/history/history.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { AGENT, ALICE, BOB, CREATE, claim, fail, played, replay } from '../given.ts'
import { histories, play } from '../task/histories.ts'

const whole = (events: readonly TaskEvent[]): History => ({ base: null, events })

/** The same log as one whose first events were lost with another database. */
const cutAt = (events: readonly TaskEvent[], version: number): History => {
  const task = replay(events.slice(0, version))
  return task === null ? whole(events) : { base: { version, task }, events: events.slice(version) }
}

const logs = fc.tuple(histories, fc.nat(), fc.nat(), fc.nat()).map(([history, a, b, c]) => {
  const events = play(history, () => undefined)
  const [from = 0, to = 0] = [a, b].map((n) => n % (events.length + 1)).sort((x, y) => x - y)
  return { events, from, to, base: c % (from + 1) }
})

describe('a task as it was', () => {
  it('is its projection at the newest version, and what the replay so far gives at every other', () => {
    fc.assert(
      fc.property(logs, ({ events, to }) => {
        const newest = taskAt(whole(events), { version: events.length })
        expect(newest.ok && canonicalJson(newest.task)).toBe(canonicalJson(replay(events)))
        const then = taskAt(whole(events), { version: to })
        expect(then.ok && canonicalJson(then.task)).toBe(canonicalJson(replay(events.slice(0, to))))
      }),
    )
  })

  it('is the same when older events are gone, as far back as the log reaches, and unknown before', () => {
    fc.assert(
      fc.property(logs, ({ events, to, base }) => {
        const cut = cutAt(events, base)
        const then = taskAt(cut, { version: to })
        expect(then.ok && canonicalJson(then.task)).toBe(canonicalJson(replay(events.slice(0, to))))
        if (cut.base !== null) expect(taskAt(cut, { version: base - 1 })).toEqual({ ok: false, why: 'older' })
        expect(taskAt(cut, { version: events.length + 1 })).toEqual({ ok: false, why: 'newer' })
      }),
    )
  })

  it('at a time stands after the last event of that time', () => {
    const log = played([CREATE, { now: 10 }], [{ type: 'ready-task' }, { now: 20 }], [claim('alice'), { now: 30 }])
    const at = (time: number, history = whole(log)) => {
      const looked = taskAt(history, { time })
      return looked.ok ? [looked.version, looked.task?.status ?? null] : looked.why
    }
    expect([at(9), at(10), at(29), at(30), at(1e15)]).toEqual([
      [0, null],
      [1, 'backlog'],
      [2, 'ready'],
      [3, 'claimed'],
      [3, 'claimed'],
    ])
    // Whether the base was there already at 25, nothing in this log says.
    expect([at(25, cutAt(log, 2)), at(30, cutAt(log, 2))]).toEqual(['older', [3, 'claimed']])
  })
})

describe('the difference between two versions', () => {
  it('makes the one of the other', () => {
    fc.assert(
      fc.property(logs, ({ events, from, to }) => {
        const [before, after] = [from, to].map((n) => replay(events.slice(0, n)) as unknown as Json)
        expect(canonicalJson(withDifference(before, difference(before, after)))).toBe(canonicalJson(after))
        expect(canonicalJson(withDifference(after, difference(after, before)))).toBe(canonicalJson(before))
        expect(difference(after, JSON.parse(JSON.stringify(after)) as Json)).toEqual([])
      }),
    )
  })

  it('of any two values makes the one of the other', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const [a, b] = [before as Json, after as Json]
        expect(canonicalJson(withDifference(a, difference(a, b)))).toBe(canonicalJson(b))
      }),
      {
        numRuns: 500,
        examples: [
          [{}, { toString: 0 }],
          [{ valueOf: 0 }, {}],
          [{ a: [1, 2] }, { a: [2] }],
        ],
      },
    )
  })

  it('leaves no change without somebody who made it, in between', () => {
    fc.assert(
      fc.property(logs, ({ events, from, to, base }) => {
        const changes = changesBetween(cutAt(events, base), from, to) ?? []
        const [before, after] = [from, to].map((n) => replay(events.slice(0, n)) as unknown as Json)
        expect(changes.map(({ by: _, ...change }) => change)).toEqual(difference(before, after))
        for (const { by } of changes) expect(by.version > from && by.version <= to).toBe(true)
      }),
    )
  })

  it('says who changed what, and why', () => {
    const log = played(
      [CREATE, { now: 10 }],
      [{ type: 'ready-task' }, { now: 20 }],
      [
        { type: 'set-priority', priority: 'p1' },
        { now: 30, actor: BOB },
      ],
      [{ type: 'set-priority', priority: 'p0' }, { now: 40 }],
      [claim('a1'), { now: 50, actor: AGENT }],
      [fail({ fence: { epoch: 1, n: 1 } }), { now: 60, actor: AGENT }],
    )
    const told = (changesBetween(whole(log), 2, log.length) ?? []).map(({ path, before, after, by }) => [
      renderPath(path),
      before,
      after,
      by.actor.id,
      by.type,
    ])
    expect(told).toContainEqual(['priority', 'p2', 'p0', ALICE.id, 'priority-set'])
    expect(told).toContainEqual(['status', 'ready', 'waiting', AGENT.id, 'task-held'])
    expect(told.some(([path]) => path === 'attempts[0]')).toBe(true)
    expect(changesBetween(whole(log), 0, 99)).toBeNull()
    expect(changesBetween(cutAt(log, 2), 1, 3)).toBeNull()
  })

  it('knows which members are within which', () => {
    expect(overlaps(['a', 1], ['a', 1, 'b'])).toBe(true)
    expect(overlaps(['a', 1, 'b'], ['a'])).toBe(true)
    expect(overlaps(['a', 1], ['a', 2])).toBe(false)
  })
})
