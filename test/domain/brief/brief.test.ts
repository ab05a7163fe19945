import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BRIEF_BUDGET, renderBrief, type BriefInput } from '../../../app/domain/brief/render-brief.ts'
import { reckonTokens } from '../../../app/domain/brief/reckon-tokens.ts'
import type { Finding } from '../../../app/domain/project/findings.ts'
import type { Attempt, Task } from '../../../app/domain/task/state.ts'
import { AGENT, CREATE, READY, RUNNING, claim, fail, given } from '../given.ts'

const STUCK = given(
  ...READY,
  [{ type: 'add-note', text: 'mind the sign' }],
  [
    {
      type: 'update-task',
      changes: { acceptance: ['sums are right'], outputSchema: '{"type":"object"}', input: { n: 1 } },
    },
  ],
  [{ type: 'add-dependency', on: { stream: 'task/7/3', key: 'DEV-3' }, status: 'done', path: null, onFailure: null }],
  [claim('a1'), { actor: AGENT }],
  [{ type: 'start-attempt', fence: { epoch: 1, n: 1 } }, { actor: AGENT }],
  [fail({ fence: { epoch: 1, n: 1 }, failure: { class: 'permission_error', message: 'no token' } }), { actor: AGENT }],
  [{ type: 'resolve-task', decision: 'retry', note: 'the token is renewed' }],
  [claim('a1'), { actor: AGENT }],
  [{ type: 'enter-phase', name: 'testing', fence: { epoch: 1, n: 2 } }, { actor: AGENT }],
  [{ type: 'report-progress', percent: 40, text: 'half', fence: { epoch: 1, n: 2 } }, { actor: AGENT }],
  [{ type: 'set-next-step', text: 'the parser', fence: { epoch: 1, n: 2 } }, { actor: AGENT }],
  [
    { type: 'record-evidence', command: 'npm test', exitCode: 1, headSha: null, fence: { epoch: 1, n: 2 } },
    { actor: AGENT },
  ],
).task as Task

const finding: Finding = {
  id: 1,
  kind: 'gotcha',
  text: 'the parser is generated',
  task: { stream: 'task/7/1', key: 'DEV-1' },
  attempt: 1,
  by: 'a',
  at: 1,
}
const dependency = {
  ...(given([CREATE]).task as Task),
  stream: 'task/7/3',
  title: 'The lexer',
  details: { output: { path: 'src/lex.ts' } },
} as Task

it('restores an agent that has lost its memory', () => {
  expect(
    renderBrief(STUCK, { body: 'Sums are off.', findings: [finding], dependencies: [dependency] }).split('\n'),
  ).toEqual([
    '# DEV-12: Sum is wrong',
    '',
    'It is claimed, priority p2. Its branch is muster/DEV-12-sum-is-wrong.',
    'You are attempt 2 with fence 1.2; name it in every write.',
    '',
    '## What is asked',
    '',
    'Sums are off.',
    '',
    '## A person decided',
    '',
    'alice: retry',
    'the token is renewed',
    '',
    '## Where the work stands',
    '',
    '- phase: testing',
    '- progress: 40 %, half',
    '- next step: the parser',
    '- evidence: npm test exited with 1',
    '',
    '## Attempt 1 failed: permission_error',
    '',
    'no token',
    'What to do otherwise this time: grant the missing permission, then retry.',
    '',
    '## Input and output',
    '',
    '- input: {"n":1}',
    '- hand in an output that this JSON Schema allows: {"type":"object"}',
    '',
    '## Accepted when',
    '',
    '- sums are right',
    '',
    '## Depends on',
    '',
    '- DEV-3 (done): The lexer',
    '  output: {"path":"src/lex.ts"}',
    '',
    '## Findings',
    '',
    '- gotcha: the parser is generated',
    '',
    '## Notes',
    '',
    '- alice: mind the sign',
  ])
})

it('holds no secrets, those over several lines included', () => {
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END RSA PRIVATE KEY-----`
  expect(renderBrief(STUCK, { body: `use\n${key}` })).not.toContain('AAAA')
})

it('closes a block of code that it cuts open', () => {
  const body = `Look:\n\`\`\`\n${'a line of code\n'.repeat(600)}\`\`\`\nend`
  const brief = renderBrief(STUCK, { body, budgetTokens: 600 })
  expect(brief.match(/^```$/gm)).toHaveLength(2)
})

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.lorem({ maxCount: 40 }),
  fc.constant('```\ncode'),
)
const lines = fc.array(text, { maxLength: 60 }).map((all) => all.join('\n'))
const attempts = fc.array(
  fc.tuple(text, fc.array(text, { maxLength: 8 })).map(([message, failures]): Partial<Attempt> => ({
    failure: { class: 'test_fail', message },
    tests: {
      total: 9,
      failed: failures.length,
      skipped: 0,
      failures: failures.map((one) => ({ name: one, file: one, line: 1, message: one })),
    },
  })),
  { maxLength: 6 },
)
const briefs = fc
  .record({
    title: fc.string({ unit: 'grapheme', maxLength: 256 }),
    body: lines,
    notes: fc.array(text, { maxLength: 20 }),
    attempts,
    findings: fc.array(text, { maxLength: 20 }),
  })
  .map((one): readonly [Task, BriefInput] => {
    const [first] = STUCK.attempts
    if (first === undefined) throw new Error('an attempt was expected')
    const failed = one.attempts.map((attempt, at) => ({ ...first, ...attempt, n: at + 1, status: 'failed' as const }))
    const notes = one.notes.map((note) => ({ text: note, by: 'alice', at: 1 }))
    return [
      { ...STUCK, title: one.title, notes, attempts: failed },
      {
        body: one.body,
        findings: one.findings.map((found, at) => ({ ...finding, id: at + 1, text: found })),
        dependencies: [dependency],
        money: {
          left: [{ scope: 'agent/7/a1', period: '2026-11-30', microUsd: 4_200_000, tokens: 120_000 }],
          setAside: { microUsd: 1_000_000, tokens: 0 },
        },
      },
    ]
  })
const budgets = fc.integer({ min: BRIEF_BUDGET.least, max: 12_000 })
const headings = (brief: string): readonly string[] => brief.match(/^## .*$/gm) ?? []

describe('whatever is in it', () => {
  it('the same task gives the same bytes, and never above the budget', () => {
    fc.assert(
      fc.property(briefs, budgets, ([task, input], budgetTokens) => {
        const brief = renderBrief(task, { ...input, budgetTokens })
        expect(reckonTokens(brief)).toBeLessThanOrEqual(budgetTokens)
        expect(renderBrief(structuredClone(task), { ...structuredClone(input), budgetTokens })).toBe(brief)
        expect(brief).toContain('with fence 1.2; name it in every write')
      }),
    )
  })

  it('more room loses no section and no line, and every line is whole', () => {
    fc.assert(
      fc.property(briefs, budgets, fc.integer({ min: 1, max: 2_000 }), ([task, input], budgetTokens, more) => {
        const whole = new Set(renderBrief(task, { ...input, budgetTokens: BRIEF_BUDGET.most }).split('\n'))
        const at = (tokens: number) => renderBrief(task, { ...input, budgetTokens: tokens })
        const less = at(budgetTokens)
        const roomy = at(budgetTokens + more)
        expect(headings(roomy)).toEqual(expect.arrayContaining([...headings(less)]))
        const there = new Set(roomy.split('\n'))
        for (const line of less.split('\n')) {
          if (line.startsWith('Left out for want of room: ') || line === '```' || line === '~~~') continue
          expect(whole).toContain(line)
          expect(there).toContain(line)
        }
      }),
    )
  })

  it('says what it left out', () => {
    const brief = renderBrief(given(...RUNNING).task as Task, {
      body: 'a line of it\n'.repeat(2_000),
      budgetTokens: 500,
    })
    expect(brief).toMatch(/\n\nLeft out for want of room: What is asked \(\d+ lines\)\.$/)
    expect(renderBrief(STUCK, { body: 'short' })).not.toContain('Left out')
  })
})
