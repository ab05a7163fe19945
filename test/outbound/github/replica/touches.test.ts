import { expect, it } from 'vitest'
import type { Documents } from '../../../../app/engine/ports.ts'
import { createLabelIdBook } from '../../../../app/outbound/github/labels/label-ids.ts'
import { createTouches } from '../../../../app/outbound/github/replica/touches.ts'
import { createClock } from '../../../engine/create-engine.ts'
import { memoryDocuments } from './sandbox-harness.ts'

/** Something happens right before the next change, as when another replica was quicker. */
const interrupted = (shared: Documents) => {
  let next: (() => Promise<void>) | null = null
  const first = async <T>(change: () => Promise<T>): Promise<T> => {
    const happening = next
    next = null
    await happening?.()
    return change()
  }
  const documents: Documents = {
    ...shared,
    put: (...words) => first(() => shared.put(...words)),
    delete: (...words) => first(() => shared.delete(...words)),
    replace: (...words) => first(() => shared.replace(...words)),
  }
  return { documents, beforeNextChange: (happening: () => Promise<void>) => void (next = happening) }
}

it('keeps a touch that comes while an earlier one is being forgotten', async () => {
  const shared = memoryDocuments()
  const clock = createClock()
  const other = createTouches(shared, clock)
  const { documents, beforeNextChange } = interrupted(shared)
  const touches = createTouches(documents, clock)
  for (const end of ['clear', 'looked'] as const) {
    await touches.mark('task/1/1', null)
    const touch = await touches.get('task/1/1')
    if (touch === null) throw new Error('it was marked')
    beforeNextChange(async () => {
      clock.pass(1)
      await other.mark('task/1/1', { kind: 'user', id: 'bob' })
    })
    await touches[end]('task/1/1', touch)
    expect(await other.get('task/1/1')).toMatchObject({ by: { id: 'bob' }, looked: false })
  }
  const newest = await touches.get('task/1/1')
  if (newest === null) throw new Error('it was marked')
  await touches.looked('task/1/1', newest)
  expect(await other.get('task/1/1')).toMatchObject({ looked: true })
  await touches.clear('task/1/1', { ...newest, looked: true })
  expect(await other.get('task/1/1')).toBeNull()
})

it('learns label ids beside what others learn, and takes nothing up again that was forgotten', async () => {
  const shared = memoryDocuments()
  const other = createLabelIdBook(shared)
  const { documents, beforeNextChange } = interrupted(shared)
  const book = createLabelIdBook(documents)
  beforeNextChange(() => other.learn(7, { 'status/ready': 'L1' }))
  await book.learn(7, { 'priority/p2': 'L2' })
  expect(await book.of(7)).toEqual({ 'priority/p2': 'L2', 'status/ready': 'L1' })
  beforeNextChange(() => other.forget(7))
  await book.learn(7, { 'priority/p0': 'L3' })
  expect(await book.of(7)).toEqual({ 'priority/p0': 'L3' })
  beforeNextChange(() => other.learn(7, { 'agent/bob': 'L4' }))
  await book.forgetNames(7, ['priority/p0'])
  expect(await book.of(7)).toEqual({ 'agent/bob': 'L4' })
})
