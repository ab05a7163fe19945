import { expect, it } from 'vitest'
import type { GitHubFacts } from '../../app/inbound/ports.ts'
import { rememberIssues } from '../../app/inbound/remember-issues.ts'
import { createTestEngine } from '../engine/create-engine.ts'
import { PLACE } from './webhook/handlers/given-deps.ts'

it('reads an issue once, until it was edited or ten minutes have passed', async () => {
  const { store, clock } = await createTestEngine()
  let reads = 0
  const github = {
    issue: () => Promise.resolve({ title: 'T', body: `read ${(reads += 1)}` }),
  } as unknown as GitHubFacts
  const facts = rememberIssues(github, { documents: store.documents, clock })
  const body = async () => (await facts.issue(PLACE, 1))?.body
  expect([await body(), await body()]).toEqual(['read 1', 'read 1'])
  await facts.forgetIssue(PLACE, 1)
  expect(await body()).toBe('read 2')
  clock.pass(11 * 60_000)
  expect(await body()).toBe('read 3')
})
