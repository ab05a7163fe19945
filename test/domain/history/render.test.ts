import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changesBetween } from '../../../app/domain/history/changes-between.ts'
import { renderChanges, renderHistory } from '../../../app/domain/history/render-history.ts'
import { renderEvent } from '../../../app/domain/history/render-event.ts'
import type { Task } from '../../../app/domain/task/state.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { BOB, CREATE, RUNNING, fail, played, replay } from '../given.ts'
import { TOUR, histories, play } from '../task/histories.ts'

const HOSTILE = 'x @team <!-- y --> | closes #1\n/claim ![z](https://evil.test) ```'

/** Every word of an event replaced by what nobody should be able to publish under our name. */
const poisoned = (value: unknown): unknown => {
  if (typeof value === 'string') return HOSTILE
  if (Array.isArray(value)) return value.map(poisoned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one)]))
}

const expectInert = (text: string): void => {
  expect(text).not.toMatch(/@team|<!--|closes #1|\n|(?<!\\)\||!\[|```/)
  expect(text.length).toBeGreaterThan(0)
  expect(text.length).toBeLessThanOrEqual(500)
}

it('puts every event into one line of words that nobody can misuse', () => {
  const look = (history: Parameters<typeof play>[0]): void => {
    for (const event of play(history, () => undefined)) {
      expect(renderEvent(event)).toMatch(/^\S.*$/)
      expectInert(renderEvent({ type: event.type, data: poisoned(event.data) } as TaskEvent))
    }
  }
  look(TOUR)
  fc.assert(fc.property(histories, look), { numRuns: 50 })
})

it('has a name at least for what a newer version wrote', () => {
  expect(renderEvent({ type: 'task-dreamt', data: {} } as unknown as TaskEvent)).toBe('task-dreamt')
  expect(renderEvent({ type: 'constructor', data: {} } as unknown as TaskEvent)).toBe('constructor')
})

const log = played(...RUNNING, [fail(), { actor: { kind: 'user', id: 'alice' } }])

it('fits on one screen, counts what is older, and says plainly what is not known', () => {
  expect(renderHistory('DEV-12', { base: null, events: log })).toMatchInlineSnapshot(`
    "<details>
    <summary>DEV-12: 6 events</summary>

    | # | when (UTC) | who | what |
    |--:|---|---|---|
    | 1 | 1970-01-01 00:16:40 | alice | became the task DEV-12 (p2): Sum is wrong |
    | 2 | 1970-01-01 00:16:40 | alice | ready: made ready |
    | 3 | 1970-01-01 00:16:40 | alice | attempt 1 claimed by alice, fence 1.1, for 30 min |
    | 4 | 1970-01-01 00:16:40 | alice | attempt 1 started |
    | 5 | 1970-01-01 00:16:40 | alice | attempt 1 failed, test_fail: 1 of 9 tests failed |
    | 6 | 1970-01-01 00:16:40 | alice | waits until 1970-01-01T00:17:32Z: test_fail, retry with the failing tests in the brief |

    </details>"
  `)
  const noted = played(
    [CREATE],
    ...Array.from({ length: 60 }, (_, n) => [{ type: 'add-note', text: `n ${n}` }] as const),
  )
  const text = renderHistory('DEV-12', {
    base: { version: 11, task: replay(noted.slice(0, 11)) as Task },
    events: noted.slice(11),
  })
  expect(text.split('\n').filter((line) => line.startsWith('| 6') || line.startsWith('| 3')).length).toBeGreaterThan(5)
  expect(text).toContain('DEV-12: 61 events, the newest 30 below')
  expect(text).toContain('20 older ones are left out here; what came before version 11 was in a database that is gone')
  expect(text.split('\n').length).toBeLessThan(45)
})

it('tells a difference with who and why', () => {
  const changed = played(...RUNNING, [{ type: 'cancel-task', reason: HOSTILE }, { actor: BOB }])
  const told = changesBetween({ base: null, events: changed }, 4, changed.length) ?? []
  const text = renderChanges('DEV-12', 4, changed.length, told)
  expect(text).toMatchInlineSnapshot(`
    "<details>
    <summary>DEV-12: what is different from version 4 to version 6</summary>

    | what | before | after | who and why |
    |---|---|---|---|
    | attempts[0].endedAt | null | 1000000 | bob, \`attempt-canceled\` (5): x @​team <​!-- y --​> \\| c​loses #1 /claim !​[z](https://evil.test) \`\`​\` |
    | attempts[0].status | running | canceled | bob, \`attempt-canceled\` (5): x @​team <​!-- y --​> \\| c​loses #1 /claim !​[z](https://evil.test) \`\`​\` |
    | lease | {"attempt":1,"expiresAt":2800000,"fence":{"epoch":1,"n"… (162 characters in all) | null | bob, \`attempt-canceled\` (5): x @​team <​!-- y --​> \\| c​loses #1 /claim !​[z](https://evil.test) \`\`​\` |
    | status | in_progress | canceled | bob, \`task-canceled\` (6): x @​team <​!-- y --​> \\| c​loses #1 /claim !​[z](https://evil.test) \`\`​\` |

    </details>"
  `)
  expect(renderChanges('DEV-12', 2, 2, [])).toBe('Nothing of DEV-12 is different between version 2 and version 2.')
})
