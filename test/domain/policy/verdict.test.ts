/** Which verdicts are news, and which a task keeps in its state. */
import { expect, it } from 'vitest'
import {
  isNews,
  lastVerdict,
  verdictOf,
  withVerdict,
  type KnownVerdict,
  type Verdict,
} from '../../../app/domain/policy/verdict.ts'

const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  verb: 'tool',
  agent: 'a1',
  outcome: 'deny',
  rules: ['infra'],
  tool: 'bash',
  path: 'infra/x',
  ...over,
})
const known = (...verdicts: readonly Verdict[]): readonly KnownVerdict[] =>
  verdicts.reduce<readonly KnownVerdict[]>((all, one) => withVerdict(all, { ...one, at: 1 }), [])

it('the same answer to the same question is no news; another tool, path, agent, rule or outcome is', () => {
  const before = known(verdict())
  expect(isNews(before, verdict())).toBe(false)
  expect(isNews(before, verdict({ attempt: 2 }))).toBe(false)
  for (const other of [
    { tool: 'edit' },
    { path: 'infra/y' },
    { agent: 'a2' },
    { rules: ['x'] },
    { outcome: 'allow' },
  ]) {
    expect(isNews(before, verdict(other as Partial<Verdict>))).toBe(true)
  }
})

it('permission is news where a rule gives it to a tool, and never where there is no rule', () => {
  expect(isNews([], verdict({ outcome: 'allow' }))).toBe(true)
  expect(isNews([], verdict({ outcome: 'allow', rules: [] }))).toBe(false)
  expect(isNews([], { verb: 'claim', agent: 'a1', outcome: 'allow', rules: ['docs'] })).toBe(false)
})

it('however much is asked about tools, what was said of a merge is kept, and the newest of the tools', () => {
  const merge: Verdict = { verb: 'merge', agent: 'a1', outcome: 'deny', rules: ['no'] }
  const asked = Array.from({ length: 100 }, (_, n) => verdict({ path: `infra/${n}` }))
  const kept = known(merge, ...asked)
  expect(lastVerdict(kept, 'merge')?.outcome).toBe('deny')
  expect(kept).toHaveLength(21)
  expect(kept.at(-1)?.path).toBe('infra/99')
})

it('names tool and path only where they were asked about', () => {
  const result = {
    outcome: 'allow',
    rules: [],
    gates: [],
    tree: { rule: null, matched: false, reason: '', children: [] },
  } as const
  expect(verdictOf({ verb: 'claim', agent: 'a1' }, result)).toEqual({
    verb: 'claim',
    agent: 'a1',
    outcome: 'allow',
    rules: [],
  })
  expect(verdictOf({ verb: 'tool', agent: 'a1', tool: 'bash', path: null }, result)).toMatchObject({ tool: 'bash' })
})
