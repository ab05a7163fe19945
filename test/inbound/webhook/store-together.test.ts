/** What arrives while a group is being stored makes up the next one. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createStoreTogether } from '../../../app/inbound/webhook/store-together.ts'

test('what arrives while a group is being stored is stored together after it', async () => {
  const begun: string[] = []
  let groups = 0
  const together = createStoreTogether(() => (groups += 1))
  const disk = Promise.withResolvers<void>()
  const first = together(() => {
    begun.push('first')
    return disk.promise
  })
  const others = ['second', 'third', 'fourth'].map((name) =>
    together(() => {
      begun.push(name)
      return Promise.resolve(name)
    }),
  )
  await nextTurn()
  expect(begun).toEqual(['first'])
  expect(groups).toBe(0)
  disk.resolve()
  await first
  expect(await Promise.all(others)).toEqual(['second', 'third', 'fourth'])
  await nextTurn()
  expect(groups).toBe(2)
})

test('one that cannot be stored fails alone', async () => {
  const together = createStoreTogether(() => {})
  const outcomes = await Promise.allSettled([
    together(() => Promise.resolve(1)),
    together(() => Promise.reject(new Error('refused'))),
    together(() => Promise.resolve(4)),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await together(() => Promise.resolve('the next one'))).toBe('the next one')
})
