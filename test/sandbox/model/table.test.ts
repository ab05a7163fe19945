import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../app/sandbox/clock.ts'
import { createTable } from '../../../app/sandbox/model/table.ts'

interface Row {
  readonly id: number
  readonly text: string
}

function filled() {
  const clock = createManualClock(0)
  const table = createTable<Row>(clock)
  table.put({ id: 2, text: 'two' })
  clock.advance(1000)
  table.put({ id: 1, text: 'one' })
  table.update(2, { text: 'TWO' })
  clock.advance(1000)
  table.delete(1)
  return { clock, table }
}

describe('a table', () => {
  it('shows what there is now, by id', () => {
    expect(filled().table.all()).toEqual([{ id: 2, text: 'TWO' }])
  })

  it('shows what there was at a time: before an edit, before a deletion', () => {
    const { table } = filled()
    expect(table.all(-1)).toEqual([])
    expect(table.all(500)).toEqual([{ id: 2, text: 'two' }])
    expect(table.all(1500)).toEqual([
      { id: 1, text: 'one' },
      { id: 2, text: 'TWO' },
    ])
    expect(table.all(2000)).toEqual([{ id: 2, text: 'TWO' }])
  })

  it('forgets the past that nobody may ask for, never the present', () => {
    const { clock, table } = filled()
    clock.advance(600_000)
    table.update(2, { text: 'late' })
    expect(table.all(500)).toEqual([])
    expect(table.all(clock.now() - 60_000)).toEqual([{ id: 2, text: 'TWO' }])
    expect(table.get(2)?.text).toBe('late')
  })

  it('refuses to update what is not there', () => {
    expect(() => filled().table.update(1, { text: 'x' })).toThrow('no row 1')
  })
})
