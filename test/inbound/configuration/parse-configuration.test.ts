import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../../app/inbound/configuration/parse-configuration.ts'
import { settingsFrom } from '../../../app/inbound/configuration/settings-from.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'

const problems = (text: string) => {
  const parsed = parseConfiguration(text)
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

const settings = (text: string) => {
  const parsed = parseConfiguration(text)
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '))
  return settingsFrom(parsed.configuration)
}

describe('a good configuration', () => {
  it('may be empty: everything has a default', () => {
    expect(settings('')).toEqual(DEFAULT_SETTINGS)
    expect(settings('# nothing yet\n')).toEqual(DEFAULT_SETTINGS)
  })

  it('overrides what it names and nothing else', () => {
    const read = settings(
      'key: DEV\nlease:\n  ttl: 45m\nretry:\n  classes:\n    rate_limit: {max_attempts: 9, backoff: 90s}\n',
    )
    expect(read).toEqual({
      ...DEFAULT_SETTINGS,
      key: 'DEV',
      lease: { ...DEFAULT_SETTINGS.lease, ttlMs: 45 * 60_000 },
      retry: { ...DEFAULT_SETTINGS.retry, classes: { rate_limit: { maxAttempts: 9, backoffMs: 90_000 } } },
    })
  })
})

describe('money', () => {
  const USD = 1_000_000
  const none = { microUsd: null, tokens: null }

  it('is read in dollars and tokens, for every scope and period', () => {
    const read = settings(
      [
        'budgets:',
        '  daily: $50',
        '  project: 900.5',
        '  task: 5usd',
        '  agent: {claude: $20, codex: {monthly: $100}}',
        '  workspace: {monthly: $500}',
        '  tokens: {daily: 5m, task: 12k, agent: {gemini: 1m}}',
        '  time_zone: Europe/Berlin',
        '  warn_at: 0.5',
        '  hold: 2h',
        'prices: {my-model: {input: 1.5, output: 6, cache_read: 0.1}}',
        'tiers: [{name: simple, estimate: $1, tokens: 10k}, {name: complex, model: opus}]',
        'quotas: {claims_per_hour: 20}',
      ].join('\n'),
    )
    expect(read.budgets).toEqual({
      project: {
        day: { microUsd: 50 * USD, tokens: 5_000_000 },
        month: none,
        total: { microUsd: 900.5 * USD, tokens: null },
      },
      workspace: { day: none, month: { microUsd: 500 * USD, tokens: null }, total: none },
      agents: {
        claude: { day: { microUsd: 20 * USD, tokens: null }, month: none, total: none },
        codex: { day: none, month: { microUsd: 100 * USD, tokens: null }, total: none },
        gemini: { day: { microUsd: null, tokens: 1_000_000 }, month: none, total: none },
      },
      task: { microUsd: 5 * USD, tokens: 12_000 },
      timeZone: 'Europe/Berlin',
      warnAt: 0.5,
      holdMs: 7_200_000,
    })
    expect(read.prices).toEqual({ 'my-model': { input: 1.5, output: 6, cacheRead: 0.1, cacheWrite: null } })
    expect(read.tiers).toEqual([
      { name: 'simple', model: null, estimate: { microUsd: USD, tokens: 10_000 } },
      { name: 'complex', model: 'opus', estimate: none },
    ])
    expect(read.quotas).toEqual({ claimsPerHour: 20 })
  })

  it.each([
    ['budgets: {daily: much}', 'budgets.daily is not an amount of US dollars such as $5 or 0.42'],
    ['budgets: {tokens: {daily: $5}}', 'budgets.tokens.daily is not a count such as 12000, 12k or 1.5m'],
    ['budgets: {time_zone: Berlin}', 'budgets.time_zone is not a time zone such as Europe/Berlin'],
    ['budgets: {hold: soon}', 'budgets.hold is not a duration such as 90m, 1h30m or 2d'],
    ['tiers: [{name: simple}, {name: simple}]', 'tiers names a tier twice'],
  ])('%s is refused where it stands', (text, message) => {
    expect(problems(text)[0]).toContain(message)
  })
})

it('the example in the README is one that is taken', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const [, example = ''] = /```yaml\n(key: DEV[\s\S]*?)```/.exec(readme) ?? []
  expect(problems(example)).toEqual([])
  expect(settings(example).policy?.rules).toHaveLength(3)
})

describe('policy and gates', () => {
  const text = `
gates:
  deploy: {approvals: 2, role: maintain}
  other: {}
policy:
  rules:
    - id: night
      effect: require-gate
      gate: deploy
      reason: nobody watches
      when:
        verb: [claim, succeed]
        time: {from: "22:00", to: "06:30", days: [mon]}
        not: {agent: claude}
        any: [{tag: infra}, {all: [{tier: complex}]}]
`

  it('are read with their defaults, and everything in one place must hold', () => {
    expect(settings(text)).toMatchObject({
      gates: { deploy: { approvals: 2, role: 'maintain' }, other: { approvals: 1, role: 'admin' } },
      policy: {
        otherwise: 'allow',
        rules: [
          {
            id: 'night',
            effect: 'require-gate',
            gate: 'deploy',
            reason: 'nobody watches',
            when: {
              kind: 'all',
              of: [
                { kind: 'is', what: 'verb', like: ['claim', 'succeed'] },
                { kind: 'time', days: ['mon'], from: 1320, to: 390 },
                { kind: 'any', of: [{ kind: 'is', what: 'tag', like: ['infra'] }, expect.anything()] },
                { kind: 'not', of: { kind: 'is', what: 'agent', like: ['claude'] } },
              ],
            },
          },
        ],
      },
    })
  })

  it('a rule without conditions always matches', () => {
    expect(settings('policy: {rules: [{id: stop, effect: deny}]}').policy?.rules[0]?.when).toEqual({
      kind: 'all',
      of: [],
    })
  })

  it('are refused where a word is wrong, wherever it stands', () => {
    expect(problems(text.replace('effect: require-gate', 'effect: forbid'))[0]).toMatch(/^8:7 policy.rules.0.effect/)
    expect(problems(text.replace('{agent: claude}', '{agnet: claude}'))[0]).toMatch(/did you mean "agent"/)
    expect(problems(text.replace('"22:00"', '"24:00"'))[0]).toContain('must be a time of day such as 22:30')
    expect(problems('policy: {rules: [{id: a, effect: deny}, {id: a, effect: allow}]}')[0]).toContain('an id twice')
    expect(problems('gates: {deploy: {approvals: 0}}')[0]).toContain('approvals')
  })
})

describe('a bad configuration', () => {
  it('names the line, the column and what was probably meant', () => {
    expect(problems('key: DEV\nleese:\n  ttl: 45m\n')).toEqual(['2:1 unknown key "leese"; did you mean "lease"?'])
    expect(problems('lease:\n  tll: 45m\n')).toEqual(['2:3 unknown key "tll"; did you mean "ttl"?'])
    expect(problems('agents:\n  - id: a\n    skils: []\n')[0]).toMatch(
      /^3:5 unknown key "skils"; (did you mean|allowed here)/,
    )
  })

  it('names the value that is wrong and where it stands', () => {
    expect(problems('key: DEV\nlease:\n  ttl: soon\n')).toEqual([
      '3:3 lease.ttl is not a duration such as 90m, 1h30m or 2d',
    ])
    expect(problems('key: dev-x\n')).toEqual(['1:1 key must be 1 to 8 characters A–Z and 0–9, a letter first'])
  })

  it('is refused for broken YAML, duplicate keys, aliases and length', () => {
    expect(problems('key: [\n')[0]).toMatch(/^\d+:\d+ /)
    expect(problems('key: A\nkey: B\n')[0]).toMatch(/^2:1 .*unique/)
    expect(problems('a: &x [1]\nb: [*x, *x]\n')).not.toEqual([])
    expect(problems(`key: ${'A'.repeat(70_000)}`)[0]).toContain('longer than')
  })
})

it('never throws, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })),
      (text) => void parseConfiguration(text),
    ),
  )
})

describe('agents', () => {
  it('may be on trial with a share of the tasks', () => {
    const parsed = parseConfiguration('agents:\n  - id: a\n    trust: canary\n    share: 0.25\n  - id: b\n')
    expect(parsed.ok && settingsFrom(parsed.configuration).agents).toEqual([
      { id: 'a', capabilities: [], trust: 'canary', share: 0.25 },
      { id: 'b', capabilities: [] },
    ])
    const limits = parseConfiguration('agents:\n  - id: a\n    wip: 3\nwip: { agent: 2, workspace: 50 }\n')
    expect(limits.ok && settingsFrom(limits.configuration)).toMatchObject({
      agents: [{ id: 'a', wip: 3 }],
      wip: { agent: 2, workspace: 50 },
    })
    expect(problems('agents:\n  - id: a\n    share: 2\n')[0]).toMatch(/^3:5 agents\.0\.share /)
  })
})
