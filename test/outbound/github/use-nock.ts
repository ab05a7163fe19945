/**
 * GitHub's rare answers, by nock. Loading nock takes over the process' sockets, and test files share a process: each file that
 * uses it switches it on for its own tests and gives the sockets back afterwards. No other file may import nock.
 */
import nock from 'nock'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

export const useNock = (): typeof nock => {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate()
  })
  beforeEach(() => nock.disableNetConnect())
  afterEach(() => {
    const left = nock.pendingMocks()
    nock.cleanAll()
    nock.enableNetConnect()
    expect(left).toEqual([])
  })
  afterAll(() => nock.restore())
  return nock
}
