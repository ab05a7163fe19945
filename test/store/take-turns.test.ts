import { expect, it } from 'vitest'
import { createTurns } from '../../app/store/postgres/take-turns.ts'

it('lets so many at it at once, the others in their order, and goes on after one that fails', async () => {
  const inTurn = createTurns(2)
  const log: string[] = []
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const calls = gates.map(({ promise }, n) =>
    inTurn(async () => {
      log.push(`begin ${n}`)
      await promise
    }),
  )
  await Promise.resolve()
  expect(log).toEqual(['begin 0', 'begin 1'])
  gates[1]?.reject(new Error('broke'))
  await expect(calls[1]).rejects.toThrow('broke')
  await Promise.resolve()
  expect(log).toEqual(['begin 0', 'begin 1', 'begin 2'])
  for (const { resolve } of gates) resolve()
  await Promise.allSettled(calls)
  expect(log).toEqual(['begin 0', 'begin 1', 'begin 2', 'begin 3'])
})
