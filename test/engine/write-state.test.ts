/** A state is written as if nothing of it had been written before. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../app/domain/event/canonical-json.ts'
import type { TaskEvent } from '../../app/domain/task/events.ts'
import { evolveTask } from '../../app/domain/task/evolve.ts'
import { KEPT } from '../../app/domain/task/limits.ts'
import type { Task } from '../../app/domain/task/state.ts'
import { fold, parseTask } from '../../app/engine/fold.ts'
import { writeState } from '../../app/engine/write-state.ts'
import { histories, play } from '../domain/task/histories.ts'

/** Each event on what the text before reads as, as a store that remembers nothing would have it. */
const fromText = (log: readonly TaskEvent[], look: (text: string, event: TaskEvent) => void): void => {
  let text: string | null = null
  for (const event of log) {
    const before: Task | null = text === null ? null : (JSON.parse(text) as Task)
    const after = evolveTask(before, event)
    if (after === null) continue
    text = canonicalJson(after)
    look(text, event)
  }
}

it('has the same text and reads as the same, event by event, whatever is remembered of the states before', () => {
  fc.assert(
    fc.property(histories, (history) => {
      let state: string | null = null
      fromText(
        play(history, () => undefined),
        (text, event) => {
          state = fold(event.stream, state, [event]).state
          expect(state).toBe(text)
          expect(JSON.stringify(parseTask(state))).toBe(JSON.stringify(JSON.parse(text)))
        },
      )
    }),
  )
})

it('stays the same while rows are pushed out of full lists', () => {
  const row = (n: number) => ({ passed: n % 3 === 0, command: `c${n}`, figures: [{ value: n, name: 'x' }], at: n })
  let state: { readonly rows: readonly unknown[]; readonly n: number } = { rows: [], n: 0 }
  for (let n = 0; n < KEPT.evidence + 20; n += 1) {
    const after = { rows: [...state.rows, row(n)].slice(-KEPT.evidence), n }
    const written = writeState(after)
    expect(written.text).toBe(canonicalJson(JSON.parse(JSON.stringify(after))))
    expect(JSON.stringify(written.state)).toBe(written.text)
    if (n > 0 && n < KEPT.evidence) expect(written.state.rows[0]).toBe(state.rows[0])
    state = written.state
  }
})

it('is written as canonical JSON is, whatever stands in it', () => {
  const keys = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '1', '10', '9', '', 'é'))
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, -0))
  const members = fc.dictionary(keys, fc.oneof(values, fc.array(fc.oneof(values, fc.dictionary(keys, values)))))
  fc.assert(
    fc.property(members, (value) => {
      const { text, state } = writeState(value)
      expect(text).toBe(canonicalJson(value))
      expect(JSON.stringify(state)).toBe(JSON.stringify(JSON.parse(text)))
      expect(writeState(state).text).toBe(text)
    }),
  )
})
