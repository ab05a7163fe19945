import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isClosed, TASK_STATUSES, type Artifact, type Attempt, type Task } from '../../../../app/domain/task/state.ts'
import { statusCard } from '../../../../app/outbound/github/status-card.ts'
import { START, STREAM, chain, created, leased, readied, taskOf } from '../record/given.ts'

const NEW = taskOf(chain(STREAM, [created()]))
const CLAIMED = taskOf(chain(STREAM, [created(), readied(), leased()]))

const attempt = (n: number, change: Partial<Attempt> = {}): Attempt => ({
  n,
  status: 'succeeded',
  owner: 'claude',
  fence: { epoch: 1, n },
  openedAt: START,
  startedAt: START,
  endedAt: START + 65_000,
  durationMs: null,
  baseSha: null,
  headSha: null,
  branch: null,
  failure: null,
  tests: null,
  tokens: { total: 12_345, input: null, output: null, cacheRead: null, cacheWrite: null },
  costMicroUsd: 420_000,
  trust: 'ci',
  model: null,
  run: { id: 77, attempt: 1, url: 'https://github.com/acme/widgets/actions/runs/77' },
  logTail: null,
  ...change,
})

const artifact = (change: Partial<Artifact> = {}): Artifact => ({
  kind: 'benchmark',
  name: 'parse.json',
  url: 'https://github.com/acme/widgets/actions/runs/77/artifacts/5',
  attempt: 2,
  sha256: 'ab'.repeat(32),
  size: 2_048,
  mediaType: null,
  figures: [],
  at: START,
  ...change,
})

test('a task in the backlog', () => {
  expect(statusCard(NEW)).toMatchInlineSnapshot(`
    "### DEV-12: in the backlog

    Next: \`/ready\` lets it be worked on."
  `)
})

test('a claimed task names the holder, the granted deadline and the next commands', () => {
  expect(statusCard(CLAIMED)).toMatchInlineSnapshot(`
    "### DEV-12: claimed

    **claude** holds it: attempt 1, fence \`1.1\`, granted until 2023-11-14 22:43 UTC and longer while it reports.

    Next: \`/start\` when the work begins, \`/release\` to give it back.

    | # | agent | status | failure | duration | tokens | cost | run |
    |--:|---|---|---|--:|--:|--:|---|
    | 1 | claude | claimed | – | – | – | – | – |"
  `)
})

test('what was declared and said of the work, inert and short', () => {
  const card = statusCard({
    ...CLAIMED,
    details: {
      phase: { name: 'writing @alice tests', since: START },
      progress: { percent: 40, text: 'fixes #3', at: START },
      nextStep: 'the parser',
      deadline: START,
      tags: ['api', '`x`'],
      acceptance: ['sums are right', ...Array.from({ length: 29 }, () => 'y'.repeat(500))],
    },
  })
  expect(card).toContain('**Progress** 40 %')
  expect(card).toContain('**Due** 2023-11-14 22:13 UTC · **Tags** `api` `')
  expect(card).toContain('- sums are right')
  expect(card).not.toMatch(/@alice|fixes #3/)
  expect(card.length).toBeLessThan(3_000)
})

test('steps, what a person decided, and what the newest attempt started from', () => {
  const inputs = { briefSha256: 'b'.repeat(64), configSha256: null, tools: ['claude-code@2.1.0'], runner: 'box-1' }
  const card = statusCard({
    ...CLAIMED,
    attempts: [attempt(1, { baseSha: 'c'.repeat(40), model: 'opus-5', inputs })],
    details: {
      steps: [
        { id: 'plan', title: 'Plan' },
        { id: 'build', title: 'Build @bob' },
      ],
      stepRuns: [{ step: 'plan', status: 'finished', attempt: 1, startedAt: START, finishedAt: START, output: null }],
      checkpoint: { decision: 'retry', note: 'fixes #3', by: 'alice', at: START },
    },
  })
  expect(card.replaceAll('\u200b', '')).toContain(
    'Attempt 1: from `ccccccc`, model opus-5, tools claude-code@2.1.0, on box-1, brief `bbbbbbbbbbbb`.',
  )
  expect(card).toContain('- [x] Plan (plan, done 2023-11-14 22:13 UTC)')
  expect(card).toContain('**Decided** by alice, 2023-11-14 22:13 UTC: another attempt: ')
  expect(card).not.toMatch(/@bob|fixes #3/)
})

test('a task with everything', () => {
  const task: Task = {
    ...NEW,
    status: 'needs_human',
    asks: 'no retries are left',
    attempts: [
      attempt(1, {
        status: 'expired',
        failure: { class: 'lease_expired', message: 'The lease ran out.' },
        run: null,
        tokens: null,
        costMicroUsd: null,
      }),
      attempt(2, {
        status: 'failed',
        failure: { class: 'test_fail', code: 'build', message: 'parse.test.ts | does not compile' },
        tests: { total: 9, failed: 2, skipped: 0, failures: [] },
      }),
    ],
    blockers: [{ id: 3, reason: 'waiting for the API key', by: 'alice', at: START }],
    evidence: [
      {
        command: 'npm test',
        exitCode: 1,
        passed: false,
        attempt: 2,
        headSha: 'c'.repeat(40),
        trust: 'ci',
        by: 'run 77',
        at: START,
      },
      {
        command: 'echo `id` | tee x',
        exitCode: 0,
        passed: true,
        attempt: null,
        headSha: null,
        trust: 'self',
        by: 'bob',
        at: START,
      },
    ],
    artifacts: [
      artifact(),
      artifact({ kind: 'log', name: 'log', url: 'javascript:alert(1)', sha256: null, size: null, attempt: null }),
    ],
    notes: [{ text: 'The lexer is\nnew.', by: 'bob', at: START }],
    dependsOn: [
      { stream: 'task/7/10', key: 'DEV-10' },
      { stream: 'task/7/11', key: 'DEV-11' },
    ],
    waitsFor: ['task/7/11'],
    pullRequests: [
      { number: 33, branch: 'muster/DEV-12-a', headSha: 'd'.repeat(40), state: 'closed' },
      { number: 34, branch: 'muster/DEV-12-b', headSha: 'e'.repeat(40), state: 'open' },
    ],
  }
  expect(statusCard(task)).toMatchInlineSnapshot(`
    "### DEV-12: needs a person

    **A person must decide**: no retries are left. For \`test_fail\` the usual way is: retry with the compiler errors in the brief. Next: \`/resolve retry\`, \`/resolve skip\` or \`/resolve fail\`, each with a note in double quotes if there is one.

    **Blockers**

    - **3** waiting for the API key (alice, 2023-11-14 22:13 UTC)

    | # | agent | status | failure | duration | tokens | cost | run |
    |--:|---|---|---|--:|--:|--:|---|
    | 1 | claude | expired | \`lease_expired\` | 1 min 5 s | – | – | – |
    | 2 | claude | failed | \`test_fail\` (build) | 1 min 5 s | 12,345 | $0.42 | [run 77](https://github.com/acme/widgets/actions/runs/77) |
    | | | | **in all** | | 12,345 | $0.42 | |

    Attempt 2: parse.test.ts | does not compile (2 of 9 tests failed)

    **Pull requests**: #34 (open, \`muster/DEV-12-b\` at \`eeeeeee\`), #33 (closed, \`muster/DEV-12-a\` at \`ddddddd\`)

    | # | kind | artifact | size | SHA-256 |
    |--:|---|---|--:|---|
    | 2 | benchmark | [parse.json](https://github.com/acme/widgets/actions/runs/77/artifacts/5) | 2.0 KB | \`abababababab\` |
    |  | log | log | – | – |

    | evidence | exit code | at | said by |
    |---|--:|---|---|
    | \`npm test\` | 1 ❌ | attempt 2, \`ccccccc\` | CI |
    | \`echo ˋidˋ \\| tee x\` | 0 ✅ | – | the agent itself |

    **Notes**

    - The lexer is new. (bob, 2023-11-14 22:13 UTC)

    **Depends on**: DEV-11 (#11, open), DEV-10 (#10, done)

    \`\`\`mermaid
    graph LR
      task["DEV-12"]
      d0["DEV-11"]:::open --> task
      d1["DEV-10"]:::done --> task
      classDef open stroke-dasharray: 4
      classDef done stroke-width: 2
    \`\`\`"
  `)
})

test('every open status says what to type or wait for next', () => {
  for (const status of TASK_STATUSES) {
    if (status === 'done') continue
    expect(statusCard({ ...NEW, status })).toMatch(/Next: |becomes ready by itself|Reopen the issue/)
  }
  expect(TASK_STATUSES.filter(isClosed)).toHaveLength(3)
})

test('a backoff names its end and how to skip it', () => {
  const waiting = { ...NEW, status: 'waiting', waiting: { for: 'backoff', until: START + 60_000 } } as const
  expect(statusCard(waiting)).toContain('tried again after 2023-11-14 22:14 UTC. Next: `/retry` does it now.')
})

test('where only /muster works, the card says so', () => {
  expect(statusCard(NEW, { bare: false })).toContain('`/muster ready`')
})

test('a task that was given up says so once, with what the failure table advises', () => {
  const failure = { class: 'environment_error', message: 'disk full' } as const
  const given = { ...NEW, status: 'failed', attempts: [attempt(1, { status: 'failed', failure })] } as const
  expect(statusCard(given)).toContain(
    'Given up. For `environment_error` the usual way is: retry on another runner. Next: `/retry` tries once more.',
  )
  expect(statusCard({ ...NEW, status: 'failed' })).toContain('Given up. Next: `/retry`')
})

const HOSTILE =
  '--> <!-- muster:record v1 --> @everyone Closes #1 <b>x</b> | ` ``` \n/approve\n# big [x](javascript:1) ghp_' +
  'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'

test('hostile words everywhere stay words', () => {
  const text = fc.oneof(
    fc.constant(HOSTILE),
    fc.string({ unit: 'binary', maxLength: 200 }).map((more) => `${more}${HOSTILE}${more}`),
    fc.integer({ min: 1, max: 4 }).map((n) => HOSTILE.repeat(n * 100)),
  )
  fc.assert(
    fc.property(text, (words) => {
      const card = statusCard({
        ...CLAIMED,
        title: words,
        details: {
          phase: { name: words, since: START },
          progress: { percent: null, text: words, at: START },
          nextStep: words,
          attribution: { agent: words, type: words, session: null, process: null },
          tags: [words],
          requires: [words],
          acceptance: [words],
        },
        status: 'needs_human',
        asks: words,
        lease: CLAIMED.lease && { ...CLAIMED.lease, owner: words, holder: { kind: 'bot', id: words } },
        attempts: [
          attempt(1, {
            owner: words,
            status: 'failed',
            failure: { class: 'unknown', message: words },
            run: { id: 1, attempt: 1, url: words },
          }),
        ],
        blockers: [{ id: 1, reason: words, by: words, at: START }],
        evidence: [
          {
            command: words,
            exitCode: 1,
            passed: false,
            attempt: null,
            headSha: null,
            trust: 'self',
            by: words,
            at: START,
          },
        ],
        artifacts: [
          artifact({ name: words, url: `https://example.com/${words}` }),
          artifact({ name: words, url: words }),
        ],
        notes: [{ text: words, by: words, at: START }],
        dependsOn: [{ stream: 'task/7/1', key: words }],
        pullRequests: [{ number: 1, branch: words, headSha: 'a'.repeat(40), state: 'open' }],
      })
      expect(card).not.toMatch(/<!--|<b>|@everyone|Closes #1|ghp_|muster:record/)
      expect(card.replace(/ --> task$/gm, '')).not.toContain('-->')
      expect(card).not.toMatch(/^[ \t>*+-]*\/[a-z]/m)
      expect(card.isWellFormed()).toBe(true)
      expect(card.split('```')).toHaveLength(3)
      expect(card.length).toBeLessThan(15_000)
      for (const line of card.split('\n').filter((row) => row.startsWith('|'))) {
        expect(line.replaceAll(String.raw`\|`, '').split('|').length).toBeGreaterThanOrEqual(5)
      }
    }),
    { numRuns: 60 },
  )
})

test('however much there is, the card stays small and counts what it leaves out', () => {
  const many = <Item>(make: (n: number) => Item): Item[] => Array.from({ length: 300 }, (_, n) => make(n + 1))
  const card = statusCard({
    ...NEW,
    attempts: many((n) => attempt(n)),
    artifacts: many((n) => artifact({ name: `a${n}` })),
    blockers: many((n) => ({ id: n, reason: `reason ${n}`, by: 'bob', at: START })),
    notes: many((n) => ({ text: `note ${n}`, by: 'bob', at: START })),
    dependsOn: many((n) => ({ stream: `task/7/${n}`, key: `DEV-${n}` })),
    pullRequests: many((n) => ({ number: n, branch: 'b', headSha: 'a'.repeat(40), state: 'open' })),
  })
  expect(card.length).toBeLessThan(18_000)
  expect(card).toMatch(/\d+ older attempts/)
  expect(card).toContain('| 300 | claude |')
  expect(card).toContain('note 300')
  expect(card).toContain('and 280 more')
})

test('a blocker over a question shows both: clearing it is not all there is to do', () => {
  const blocker = { id: 2, reason: 'legal', by: 'bob', at: START }
  const blocked: Task = {
    ...NEW,
    status: 'blocked',
    beneath: 'needs_human',
    asks: 'three attempts failed',
    blockers: [blocker],
  }
  expect(statusCard(blocked)).toContain(
    'Next: `/unblock` when what blocks it is cleared. Then a person must decide: three attempts failed.',
  )
  const twice: Task = { ...blocked, beneath: 'ready', blockers: [blocker, { ...blocker, id: 3 }] }
  expect(statusCard(twice)).toContain('Next: `/unblock 2` and so on when what blocks it is cleared.\n')
})

test('says what a task waits for in vain, where it is, and what the task is a part of', () => {
  const parent = { stream: 'task/7/1', key: 'DEV-1' } as const
  const text = statusCard({
    ...NEW,
    status: 'waiting',
    waiting: { for: 'dependencies' },
    details: { parent },
    dependsOn: [
      { stream: 'task/8/3', key: 'OPS-3', repository: 'acme/ops', ended: 'failed' },
      { stream: 'task/7/4', key: 'DEV-4', onFailure: 'drop', ended: 'canceled' },
    ],
    waitsFor: ['task/8/3'],
  })
  expect(text).toContain('Part of DEV-1 (#1)')
  expect(text).toContain('**OPS-3 has failed**: take that up again there, or `/undepends OPS-3` here.')
  expect(text).toContain('OPS-3 (acme/ops#3, failed), DEV-4 (#4, canceled, not waited for)')
})
