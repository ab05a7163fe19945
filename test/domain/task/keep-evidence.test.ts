import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { keepEvidence } from '../../../app/domain/task/keep-evidence.ts'
import { KEPT } from '../../../app/domain/task/limits.ts'
import type { Evidence } from '../../../app/domain/task/state.ts'
import { RUNNING, given } from '../given.ts'

const HEAD = 'a'.repeat(40)
const row = (command: string, change: Partial<Evidence> = {}): Evidence => ({
  command,
  exitCode: 0,
  passed: true,
  attempt: 1,
  headSha: HEAD,
  trust: 'ci',
  by: '900',
  at: 1,
  ...change,
})
const red = (command: string, change: Partial<Evidence> = {}): Evidence =>
  row(command, { passed: false, exitCode: 1, ...change })
const keep = (rows: readonly Evidence[], most: number): readonly Evidence[] =>
  rows.reduce<readonly Evidence[]>((kept, added) => keepEvidence(kept, added, most), [])
const names = (rows: readonly Evidence[]): readonly string[] => rows.map(({ command }) => command)

describe('keepEvidence', () => {
  it('lets an agent’s own claims go before anything of CI’s, however many they are', () => {
    const claims = Array.from({ length: 50 }, (_, n) => row(`claim ${n}`, { trust: 'self' }))
    expect(names(keep([red('ci'), ...claims], 3))).toEqual(['ci', 'claim 48', 'claim 49'])
    expect(names(keep([...claims, red('ci'), row('lint'), row('docs')], 3))).toEqual(['ci', 'lint', 'docs'])
    // Not even a new claim goes before them.
    expect(names(keep([red('ci'), row('lint'), row('claim', { trust: 'self' })], 2))).toEqual(['ci', 'lint'])
  })

  it('then lets go what the same job has said anew', () => {
    expect(keep([red('ci'), row('lint'), row('ci')], 2)).toEqual([row('lint'), row('ci')])
  })

  it('then all of the oldest commit, so that its green rows do not stand without its red one', () => {
    const old = { headSha: 'b'.repeat(40) }
    expect(names(keep([red('ci', old), row('lint', old), row('ci'), row('lint')], 3))).toEqual(['ci', 'lint'])
  })

  it('then green rows of the commit, and red ones last', () => {
    expect(names(keep([red('a'), row('b'), row('c'), red('d')], 3))).toEqual(['a', 'c', 'd'])
    expect(names(keep([red('a'), red('b'), red('c')], 2))).toEqual(['b', 'c'])
  })

  it('never keeps more than it may, and all that CI said last while one row a job and commit has room', () => {
    const anyRow = fc.record({
      command: fc.constantFrom('a', 'b', 'c', 'd'),
      headSha: fc.constantFrom(HEAD, 'b'.repeat(40), null),
      trust: fc.constantFrom('self' as const, 'ci' as const),
      passed: fc.boolean(),
    })
    const verdicts = (rows: readonly Evidence[], sha: string | null) => {
      const believed = rows.filter(({ trust, headSha }) => trust !== 'self' && headSha === sha)
      return [...new Map(believed.map((one) => [one.command, one.passed]))].toSorted(([a], [b]) => (a < b ? -1 : 1))
    }
    const shas = [HEAD, 'b'.repeat(40), null]
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (drawn, most) => {
        const rows = drawn.map(({ command, ...change }) => row(command, change))
        const kept = keep(rows, most)
        expect(kept.length).toBeLessThanOrEqual(most)
        const before = shas.map((sha) => verdicts(rows, sha))
        if (before.flat().length <= most) expect(shas.map((sha) => verdicts(kept, sha))).toEqual(before)
      }),
    )
  })
})

describe('the evidence of a task', () => {
  it('keeps CI’s failure under two hundred claims of the agent', () => {
    const failure = { class: 'test_fail', message: '1 of 9 tests failed' } as const
    const report: TaskCommand = {
      type: 'report-attempt',
      attempt: 1,
      source: 'ci.yml / unit',
      passed: false,
      failure,
      headSha: HEAD,
      measures: {
        trust: 'ci',
        durationMs: null,
        tokens: null,
        costMicroUsd: null,
        model: null,
        tests: null,
        run: { id: 9, attempt: 1, url: 'https://example.test/9' },
        logTail: null,
      },
      artifacts: [],
      retryAfterMs: null,
    }
    const claims = Array.from({ length: KEPT.evidence + 5 }, (_, n): readonly [TaskCommand] => [
      { type: 'record-evidence', fence: null, command: `claim ${n}`, exitCode: 0, headSha: HEAD },
    ])
    const { task } = given(...RUNNING, ...claims.slice(0, 3), [report], ...claims)
    expect(task?.evidence).toHaveLength(KEPT.evidence)
    expect(task?.evidence.filter(({ trust }) => trust === 'ci')).toMatchObject([{ passed: false, headSha: HEAD }])
  })
})
