/** The yardstick itself: what it forgives and what it does not. */
import { expect, it } from 'vitest'
import type { Task } from '../../app/domain/task/state.ts'
import { fail, given, RUNNING } from '../domain/given.ts'
import { essenceOfTask } from './equivalence.ts'

const note = (text: string) => [{ type: 'add-note', text }] as const
const block = (reason: string) => [{ type: 'block-task', reason }] as const
const of = (task: Task | null) => essenceOfTask(task as Task)

const one = given(...RUNNING, note('a'), note('b'), block('x'), block('y')).task

it('forgives times, and the order and numbers of what different causes left', () => {
  const later = RUNNING.map(([command]) => [command, { now: 9_999_999 }] as const)
  expect(of(given(...later, block('y'), note('b'), block('x'), note('a')).task)).toEqual(of(one))
})

it.each([
  ['a note that is missing', given(...RUNNING, note('a'), block('x'), block('y')).task],
  ['a note that is doubled', given(...RUNNING, note('a'), note('a'), note('b'), block('x'), block('y')).task],
  ['other words', given(...RUNNING, note('a'), note('c'), block('x'), block('y')).task],
  ['another status', given(...RUNNING, note('a'), note('b')).task],
  ['an attempt that ended', given(...RUNNING, note('a'), note('b'), [fail()], block('x'), block('y')).task],
])('does not forgive %s', (_, other) => {
  expect(of(other)).not.toEqual(of(one))
})
