/** One world to reconcile per test, closed after it. */
import { afterEach, expect } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { setUp } from './sandbox-harness.ts'

export type World = Awaited<ReturnType<typeof setUp>>

let world: World | null = null

export const open = async (...args: Parameters<typeof setUp>): Promise<World> => (world = await setUp(...args))

export const closeAfterEach = (): void => {
  afterEach(async () => {
    await world?.close()
    world = null
  })
}

export const faultOf = async (work: Promise<unknown>): Promise<GitHubFault> => {
  const reason = await work.then(
    () => null,
    (error: unknown) => error,
  )
  expect(reason).toBeInstanceOf(GitHubFault)
  return reason as GitHubFault
}
