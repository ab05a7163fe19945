import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, type PolicyFacts, type PolicyOutcome } from '../../../app/domain/policy/evaluate.ts'
import { explainTree, reasonOf } from '../../../app/domain/policy/explain.ts'
import { isLike } from '../../../app/domain/policy/is-like.ts'
import { plainPath } from '../../../app/domain/policy/plain-path.ts'
import {
  ATTRIBUTES,
  EFFECTS,
  WEEKDAYS,
  type Condition,
  type Policy,
  type Rule,
} from '../../../app/domain/policy/rule.ts'

const NOBODY = Object.fromEntries(ATTRIBUTES.map((what) => [what, []])) as unknown as Omit<PolicyFacts, 'at'>
/** A Wednesday, 10:30 UTC. */
const AT = Date.UTC(2026, 10, 25, 10, 30)
const facts = (over: Partial<PolicyFacts> = {}): PolicyFacts => ({ ...NOBODY, at: AT, ...over })

const is = (what: (typeof ATTRIBUTES)[number], ...like: string[]): Condition => ({ kind: 'is', what, like })
const rule = (id: string, effect: Rule['effect'], when: Condition, over: Partial<Rule> = {}): Rule => ({
  id,
  effect,
  gate: effect === 'require-gate' ? id : null,
  reason: null,
  when,
  ...over,
})
const policy = (...rules: Rule[]): Policy => ({ otherwise: 'allow', rules })

const patterns = fc.constantFrom('a', 'b*', '*', 'infra/*', 'x')
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...ATTRIBUTES), fc.array(patterns, { maxLength: 3 }))
    .map(([what, like]): Condition => ({ kind: 'is', what, like })),
  fc
    .tuple(fc.subarray([...WEEKDAYS]), fc.nat(1439), fc.nat(1439))
    .map(([days, from, to]): Condition => ({ kind: 'time', days, from, to })),
)
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc
      .tuple(fc.constantFrom('all' as const, 'any' as const), fc.array(tie('condition'), { maxLength: 3 }))
      .map(([kind, of]): Condition => ({ kind, of })),
    tie('condition').map((of): Condition => ({ kind: 'not', of })),
  ),
}))
let ids = 0
const rules = fc
  .tuple(fc.constantFrom(...EFFECTS), condition, fc.constantFrom('deploy', 'merge'))
  .map(([effect, when, gate]): Rule => rule(`r${(ids += 1)}`, effect, when, effect === 'require-gate' ? { gate } : {}))
const policies = fc.record({ otherwise: fc.constantFrom('allow', 'deny'), rules: fc.array(rules, { maxLength: 6 }) })
const values = fc.array(fc.constantFrom('a', 'bc', 'infra/x', ''), { maxLength: 2 })
const anyFacts = fc
  .tuple(fc.tuple(...ATTRIBUTES.map(() => values)), fc.nat(4_102_444_800_000))
  .map(([all, at]) => facts({ ...Object.fromEntries(ATTRIBUTES.map((what, n) => [what, all[n]])), at }))

/** How much an outcome lets pass. */
const LENIENT: Readonly<Record<PolicyOutcome, number>> = { deny: 0, gate: 1, allow: 2 }

const RANK = { deny: 0, 'require-gate': 1, allow: 2 } as const

describe('laws', () => {
  it('every policy has a verdict on everything, and says why of every rule', () => {
    fc.assert(
      fc.property(policies, anyFacts, (given, about) => {
        const { outcome, tree, gates } = evaluate(given, about)
        expect(['allow', 'deny', 'gate']).toContain(outcome)
        expect(tree.children.map((node) => node.rule)).toEqual(given.rules.map(({ id }) => id))
        expect(gates.length > 0).toBe(outcome === 'gate')
        expect(evaluate(given, about)).toEqual(evaluate(given, about))
      }),
    )
  })

  it('the order of the rules does not matter', () => {
    fc.assert(
      fc.property(policies, anyFacts, fc.infiniteStream(fc.nat()), (given, about, keys) => {
        const shuffled = given.rules
          .map((one) => [keys.next().value as number, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one)
        const [before, after] = [evaluate(given, about), evaluate({ ...given, rules: shuffled }, about)]
        expect([after.outcome, after.gates]).toEqual([before.outcome, before.gates])
      }),
    )
  })

  it('what matches decides: a denial before all else, then a gate, then a permission', () => {
    fc.assert(
      fc.property(policies, anyFacts, (given, about) => {
        const { outcome, tree } = evaluate(given, about)
        const matched = new Set(
          given.rules.filter((_, n) => tree.children[n]?.matched === true).map(({ effect }) => effect),
        )
        const winner = EFFECTS.toSorted((a, b) => RANK[a] - RANK[b]).find((effect) => matched.has(effect))
        expect(outcome).toBe(winner === 'require-gate' ? 'gate' : (winner ?? given.otherwise))
      }),
    )
  })

  it('another denial never allows more, another gate never more than before it, another permission never denies', () => {
    fc.assert(
      fc.property(policies, anyFacts, rules, (given, about, more) => {
        const before = LENIENT[evaluate(given, about).outcome]
        const after = LENIENT[evaluate({ ...given, rules: [more, ...given.rules] }, about).outcome]
        if (more.effect === 'deny') expect(after).toBeLessThanOrEqual(before)
        if (more.effect === 'allow') expect(after).toBeGreaterThanOrEqual(before)
        if (more.effect === 'require-gate' && given.otherwise === 'allow') expect(after).toBeLessThanOrEqual(before)
      }),
    )
  })
})

describe('verdicts', () => {
  const infra = rule('infra', 'deny', is('path', 'infra/*'), { reason: 'people change what runs' })
  const review = rule('review', 'require-gate', is('tag', 'risky'), { gate: 'merge-to-main' })
  const docs = rule('docs', 'allow', is('path', 'docs/*'))

  it('nothing that matches is allowed, or denied where only what is allowed may be done', () => {
    expect(evaluate(policy(infra), facts({ path: ['src/a.ts'] }))).toMatchObject({ outcome: 'allow', rules: [] })
    const strict: Policy = { otherwise: 'deny', rules: [docs] }
    expect(evaluate(strict, facts({ path: ['src/a.ts'] })).outcome).toBe('deny')
    expect(evaluate(strict, facts({ path: ['docs/a.md'] })).outcome).toBe('allow')
    expect(reasonOf(evaluate(strict, facts()))).toBe('no rule of the policy allows it')
  })

  it('a denial wins over a gate, a gate over a permission', () => {
    const all = policy(docs, review, infra)
    expect(evaluate(all, facts({ tag: ['risky'], path: ['docs/a.md'] }))).toMatchObject({
      outcome: 'gate',
      gates: ['merge-to-main'],
    })
    const denied = evaluate(all, facts({ tag: ['risky'], path: ['infra/a.tf'] }))
    expect(denied.outcome).toBe('deny')
    expect(reasonOf(denied)).toBe('people change what runs')
  })

  it('the tree says of each condition what it found', () => {
    const both = rule('both', 'deny', {
      kind: 'all',
      of: [is('tool', 'bash'), { kind: 'not', of: is('agent', 'claude') }],
    })
    expect(explainTree(evaluate(policy(both), facts({ tool: ['bash'], agent: ['codex'] })))).toBe(
      [
        '- yes: deny: both',
        '  - yes: both: deny',
        '    - yes: all of',
        '      - yes: tool like bash: it is bash',
        '      - yes: not',
        '        - no: agent like claude: it is codex',
      ].join('\n'),
    )
  })

  it('a part of the day goes over midnight, and belongs to the day on which it began', () => {
    const night: Condition = { kind: 'time', days: ['wed'], from: 22 * 60, to: 6 * 60 }
    const at = (day: number, hour: number) =>
      evaluate(policy(rule('night', 'deny', night)), facts({ at: Date.UTC(2026, 10, day, hour) })).outcome
    expect([at(25, 21), at(25, 22), at(26, 5), at(26, 6), at(25, 5), at(26, 22)]).toEqual([
      'allow',
      'deny',
      'deny',
      'allow',
      'allow',
      'allow',
    ])
  })
})

it('a part of the day that ends when it begins is a whole day, so that all of it can be named', () => {
  const from = (hour: number, ...days: ('wed' | 'thu')[]): Condition => ({
    kind: 'time',
    days,
    from: hour * 60,
    to: hour * 60,
  })
  const at = (when: Condition, day: number, hour: number, minute = 0) =>
    evaluate(policy(rule('closed', 'deny', when)), facts({ at: Date.UTC(2026, 10, day, hour, minute) })).outcome
  for (const minute of [0, 1, 719, 1439]) expect(at(from(0), 25, 0, minute)).toBe('deny')
  expect([at(from(22, 'wed'), 25, 21), at(from(22, 'wed'), 25, 22), at(from(22, 'wed'), 26, 21)]).toEqual([
    'allow',
    'deny',
    'deny',
  ])
  expect(at(from(22, 'wed'), 26, 22)).toBe('allow')
})

it('a star stands for any characters, and nothing else is special', () => {
  expect(isLike('infra/a/b.tf', 'infra/*')).toBe(true)
  expect(isLike('INFRA/x', 'infra/*')).toBe(true)
  expect(isLike('infra', 'infra/*')).toBe(false)
  expect(isLike('a.b', 'a?b')).toBe(false)
  expect(isLike('axxbxxc', 'a*b*c')).toBe(true)
  expect(isLike('axxbxx', 'a*b*c')).toBe(false)
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 8 }),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 10 }),
      (p, t) => {
        const [pattern, text] = [p.join(''), t.join('')]
        expect(isLike(text, pattern)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text))
      },
    ),
  )
})

it('a path is the same however it is reached', () => {
  for (const path of ['infra/x', './infra/x', '/infra//x', 'docs/../infra/./x', String.raw`infra\x`]) {
    expect(plainPath(path)).toBe('infra/x')
  }
  expect(plainPath('../infra/x')).toBe('../infra/x')
})
