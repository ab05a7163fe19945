import { describe, expect, test } from 'vitest'
import { hasRole } from '../../../app/domain/actor.ts'
import { CATALOGUE, findCommand, verbsOn } from '../../../app/inbound/catalogue.ts'
import { bindJson } from '../../../app/inbound/catalogue/bind-json.ts'
import { argumentsOn, renderUsage } from '../../../app/inbound/catalogue/usage.ts'
import { parseCommandLine } from '../../../app/inbound/slash/parse-command-line.ts'
import { renderHelp } from '../../../app/inbound/slash/render-help.ts'
import { splitWords } from '../../../app/inbound/slash/split-words.ts'

const asker = { id: 'alice' }

test('the verbs are those that were promised, each once', () => {
  expect(CATALOGUE.map(({ verb }) => verb).toSorted()).toEqual(
    (
      'accept approve-gate artifact assign block brief budget cancel claim cost deadline depends estimate event evidence fail finding findings ' +
      'gate graph heartbeat help history kill link next note parent phase policy portfolio priority progress ready release reopen requires resolve retire ' +
      'retry show sla start step succeed tag task tier tool unblock undepends unkill untag update'
    ).split(' '),
  )
  expect(verbsOn('comment')).not.toContain('heartbeat')
  expect(findCommand('heartbeat', 'comment')).toBeNull()
  expect(findCommand('CLAIM', 'comment')?.verb).toBe('claim')
})

test('who may by default', () => {
  const verbsOf = (role: string): string =>
    CATALOGUE.filter((row) => row.role === role)
      .map(({ verb }) => verb)
      .join(' ')
  expect(verbsOf('read')).toBe('policy show history brief findings graph cost portfolio help')
  expect(verbsOf('admin')).toBe('budget approve-gate kill unkill')
  expect(verbsOf('triage')).toBe('task ready priority depends undepends block unblock note')
  expect(CATALOGUE.every(({ role }) => hasRole('admin', role) && !hasRole('none', role))).toBe(true)
})

describe.each(CATALOGUE.map((row) => [row.verb, row] as const))('%s', (verb, row) => {
  test('explains itself', () => {
    expect(row.summary).toMatch(/^[A-Z].{10,100}[^.]$/)
    expect(row.surfaces.length).toBeGreaterThan(0)
    for (const { description } of row.arguments) expect(description).toMatch(/^[A-Za-z0-9].*[^.]$/)
    if (!row.surfaces.includes('comment')) return
    expect(renderHelp(null, { surface: 'comment', bare: true })).toContain(`\`/${verb}`)
    const own = renderHelp(verb, { surface: 'comment', bare: true })
    expect(own).toContain(`\`/${renderUsage(row)}\``)
    expect(own).toMatch(new RegExp(`the ${row.role}(?:, or the gate's)? role`))
    for (const { name } of argumentsOn(row, 'comment')) expect(own).toContain(`\`${name}\``)
    for (const example of row.examples) expect(own).toContain(`\`/${example}\``)
  })

  test('has examples that parse and mean something', () => {
    expect(row.examples.length).toBeGreaterThan(0)
    for (const example of row.examples) {
      expect(example.split(' ')[0]).toBe(verb)
      if (row.surfaces.includes('comment')) {
        const parsed = parseCommandLine(`/muster ${example}`, { bare: false })
        if (parsed?.ok !== true) throw new Error(`${example}: ${JSON.stringify(parsed)}`)
        expect(parsed.row).toBe(row)
        expect(row.toIntent(parsed.args, asker).kind).not.toBe('reject')
      } else {
        const given = (splitWords(example) ?? []).filter(({ key }) => key !== null)
        const bound = bindJson(row, Object.fromEntries(given.map(({ key, value }) => [key, value])))
        if (!bound.ok) throw new Error(JSON.stringify(bound.problem))
        expect(row.toIntent(bound.args, asker).kind).not.toBe('reject')
      }
    }
  })

  test('is put together so that words find their places', () => {
    const names = row.arguments.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*$/)
    const places = row.arguments.filter(({ positional }) => positional === true)
    // Only the last place may take many, and no optional place stands before a required one.
    expect(places.slice(0, -1).some(({ many }) => many === true)).toBe(false)
    expect(places.findIndex(({ required }) => required !== true)).toBeOneOf([-1, places.length - 1])
    const inComments = argumentsOn(row, 'comment')
    if (inComments.some(({ rest }) => rest === true)) expect(inComments).toHaveLength(1)
  })
})

describe('what a command means', () => {
  const intentOf = (line: string): unknown => {
    const parsed = parseCommandLine(line, { bare: true })
    if (parsed?.ok !== true) throw new Error(`${line}: ${JSON.stringify(parsed)}`)
    return parsed.row.toIntent(parsed.args, asker)
  }
  const command = (type: string, data: object = {}): unknown => ({ kind: 'command', command: { type, ...data } })
  const none = { baseSha: null, model: null, runId: null }

  test.each([
    ['/task', { kind: 'create-task', priority: 'p2' }],
    ['/task priority=P0', { kind: 'create-task', priority: 'p0' }],
    ['/ready', command('ready-task')],
    ['/claim', command('claim-task', { owner: 'alice', ttlMs: null, ...none })],
    ['/claim agent=@claude[bot] ttl=1h30m', command('claim-task', { owner: 'claude[bot]', ttlMs: 5_400_000, ...none })],
    ['/start fence=2.7', command('start-attempt', { fence: { epoch: 2, n: 7 } })],
    ['/succeed', command('succeed-attempt', { fence: null, costMicroUsd: null, tokens: null })],
    [
      '/succeed cost=$0.42 tokens=12k',
      command('succeed-attempt', { fence: null, costMicroUsd: 420_000, tokens: 12_000 }),
    ],
    [
      '/fail class=rate_limit code=overloaded message="try \\"later\\""',
      command('fail-attempt', {
        fence: null,
        failure: { class: 'rate_limit', code: 'overloaded', message: 'try "later"' },
      }),
    ],
    [
      '/fail class=test_fail',
      command('fail-attempt', {
        fence: null,
        failure: { class: 'test_fail', message: 'reported by alice without a message' },
      }),
    ],
    [
      '/fail class=test_fail code=overloaded',
      {
        kind: 'reject',
        rejection: {
          code: 'invalid-argument',
          argument: 'code',
          problem: 'overloaded belongs to the class rate_limit, not to test_fail',
        },
      },
    ],
    ['/release', command('release-task', { fence: null, reason: 'released by alice' })],
    ['/retry now', command('retry-task')],
    ['/resolve skip', command('resolve-task', { decision: 'skip', note: null })],
    ['/resolve retry "go on"', command('resolve-task', { decision: 'retry', note: 'go on' })],
    ['/step start plan', command('start-step', { step: 'plan', fence: null })],
    ['/cancel no longer "needed"', command('cancel-task', { reason: 'no longer "needed"' })],
    ['/block "wait for it"', command('block-task', { reason: 'wait for it' })],
    ['/block reason="wait for it"', command('block-task', { reason: 'wait for it' })],
    ['/block a=b is wrong', command('block-task', { reason: 'a=b is wrong' })],
    ['/unblock', command('unblock-task', { id: null })],
    ['/unblock ALL', command('unblock-task', { id: null })],
    ['/unblock #2', command('unblock-task', { id: 2 })],
    [
      '/evidence "npm test" exit=1',
      command('record-evidence', { command: 'npm test', exitCode: 1, headSha: null, fence: null }),
    ],
    [
      '/artifact log https://ci.example/runs/7/log.txt?x=1 size=2kb',
      command('record-artifact', {
        fence: null,
        kind: 'log',
        url: 'https://ci.example/runs/7/log.txt?x=1',
        name: 'log.txt',
        sha256: null,
        size: 2048,
        mediaType: null,
        figures: [],
      }),
    ],
    ['/note  it "is" so: a=b ', command('add-note', { text: 'it "is" so: a=b' })],
    ['/priority p0', command('set-priority', { priority: 'p0' })],
    [
      '/depends #12 dev-013 Acme/Widgets#3 https://GitHub.com/acme/widgets/pull/4#top',
      {
        kind: 'depend',
        onFailure: null,
        add: true,
        on: [
          { kind: 'number', number: 12 },
          { kind: 'key', key: 'DEV-13' },
          { kind: 'elsewhere', host: null, repository: 'acme/widgets', number: 3 },
          { kind: 'elsewhere', host: 'github.com', repository: 'acme/widgets', number: 4 },
        ],
      },
    ],
    ['/undepends DEV-1', { kind: 'depend', onFailure: null, add: false, on: [{ kind: 'key', key: 'DEV-1' }] }],
    ['/show', { kind: 'show', point: null }],
    ['/history', { kind: 'history', range: null, before: null }],
    ['/history 3..9', { kind: 'history', range: { from: 3, to: 9 }, before: null }],
    ['/phase "writing tests"', command('enter-phase', { name: 'writing tests', fence: null })],
    [
      '/progress 40% "half" fence=1.2',
      command('report-progress', { percent: 40, text: 'half', fence: { epoch: 1, n: 2 } }),
    ],
    ['/next', command('set-next-step', { text: null, fence: null })],
    ['/tag a b', command('edit-lists', { add: { tags: ['a', 'b'] } })],
    ['/untag a', command('edit-lists', { remove: { tags: ['a'] } })],
    ['/link commit abc', command('edit-lists', { add: { links: [{ kind: 'commit', target: 'abc' }] } })],
    ['/sla 1h', command('set-deadline', { by: { inMs: 3_600_000 } })],
    ['/deadline none', command('set-deadline', { by: null })],
    ['/requires none', command('update-task', { changes: { requires: null } })],
    ['/accept it "works": a=b', command('edit-lists', { add: { acceptance: ['it "works": a=b'] } })],
    ['/budget $2', command('update-task', { changes: { budget: { microUsd: 2_000_000, tokens: null } } })],
    ['/budget none', command('update-task', { changes: { budget: null } })],
    ['/budget cost=none tokens=5', command('update-task', { changes: { budget: { microUsd: null, tokens: 5 } } })],
    ['/accept none', command('update-task', { changes: { acceptance: null } })],
    ['/brief', { kind: 'brief', budgetTokens: null }],
    ['/findings parser rounding', { kind: 'findings', words: 'parser rounding' }],
    ['/finding gotcha "it is generated"', { kind: 'finding', finding: 'gotcha', text: 'it is generated' }],
    ['/retire 3', { kind: 'retire', id: 3, reason: 'retired by alice' }],
    ['/help claim', { kind: 'help', verb: 'claim' }],
    ['/muster', { kind: 'help', verb: null }],
    ['/MUSTER Retry', command('retry-task')],
  ])('%s', (line, intent) => expect(intentOf(line)).toEqual(intent))
})

describe('arguments as JSON', () => {
  const claim = findCommand('claim', 'http')
  const depends = findCommand('depends', 'http')
  if (claim === null || depends === null) throw new Error('rows are missing')

  test('strings, numbers, lists; null is left out; what is for HTTP only is there', () => {
    expect(bindJson(claim, { ttl: '90m', run: 7, agent: null, model: 'opus-5' })).toEqual({
      ok: true,
      args: { agent: null, ttl: 5_400_000, base: null, model: 'opus-5', run: 7, tools: [], runner: null },
    })
    expect(bindJson(depends, { on: ['#1', 'DEV-2'] })).toMatchObject({
      ok: true,
      args: { on: [{ number: 1 }, { key: 'DEV-2' }] },
    })
  })

  test('what takes any JSON takes it as it is, a text as a text', () => {
    const succeed = findCommand('succeed', 'http')
    const event = findCommand('event', 'http')
    if (succeed === null || event === null) throw new Error('rows are missing')
    for (const output of [{ a: [1, null] }, '42', 42, false, [], 'x y']) {
      expect(bindJson(succeed, { output })).toMatchObject({ ok: true, args: { output } })
      expect(bindJson(event, { name: 'n', data: output })).toMatchObject({ ok: true, args: { data: output } })
    }
  })

  test.each([
    [{ ttl: true }, 'bad-value'],
    [{ ttl: ['1h', '2h'] }, 'duplicate-argument'],
    [{ agnet: 'x' }, 'unknown-argument'],
    [{ __proto__x: 'x' }, 'unknown-argument'],
    [{ run: 1e300 }, 'bad-value'],
  ])('%j is refused', (given, code) => expect(bindJson(claim, given)).toMatchObject({ ok: false, problem: { code } }))
})
