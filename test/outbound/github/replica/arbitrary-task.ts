/** Any task a log could lead to, as far as GitHub shows it. */
import fc from 'fast-check'
import { FAILURE_CLASSES } from '../../../../app/domain/failure/taxonomy.ts'
import {
  PRIORITIES,
  TASK_STATUSES,
  type Attempt,
  type PullRequest,
  type Task,
} from '../../../../app/domain/task/state.ts'
import { AT, aTask, anAttempt, failedTests } from '../task-fixture.ts'

const sha = fc.constantFrom('a', 'b', 'c', 'd').map((digit) => digit.repeat(40))

const attempt = (n: number): fc.Arbitrary<Attempt> =>
  fc
    .record({
      status: fc.constantFrom<Attempt['status']>('leased', 'running', 'succeeded', 'failed', 'canceled', 'expired'),
      headSha: fc.option(sha),
      baseSha: fc.option(sha),
      failing: fc.option(fc.integer({ min: 0, max: 120 })),
      failure: fc.option(fc.constantFrom(...FAILURE_CLASSES)),
      owner: fc.constantFrom('claude', 'codex', 'bob'),
    })
    .map(({ failing, failure, ...rest }) =>
      anAttempt({
        ...rest,
        n,
        fence: { epoch: 1, n },
        endedAt: rest.status === 'running' || rest.status === 'leased' ? null : AT + n,
        tests: failing === null ? null : failedTests(failing),
        failure: failure === null ? null : { class: failure, message: 'it failed' },
      }),
    )

const pull: fc.Arbitrary<PullRequest> = fc.record({
  number: fc.integer({ min: 30, max: 33 }),
  branch: fc.constant('muster/DEV-12-x'),
  headSha: sha,
  state: fc.constantFrom('open', 'merged', 'closed'),
})

const ref = fc.integer({ min: 1, max: 5 }).map((n) => ({ stream: `task/1/${n}` as const, key: `DEV-${n}` }))

export const arbitraryTask: fc.Arbitrary<Task> = fc
  .record({
    details: fc.option(ref).map((parent) => (parent === null ? {} : { parent })),
    dependsOn: fc.uniqueArray(ref, { maxLength: 4, selector: ({ stream }) => stream }),
    title: fc.string(),
    status: fc.constantFrom(...TASK_STATUSES),
    priority: fc.constantFrom(...PRIORITIES),
    pullRequests: fc.uniqueArray(pull, { maxLength: 2, selector: ({ number }) => number }),
    attempts: fc
      .integer({ min: 0, max: 3 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => attempt(i + 1)))),
    evidence: fc.array(
      fc.record({
        command: fc.constantFrom('tests', 'lint'),
        passed: fc.boolean(),
        headSha: fc.option(sha),
        trust: fc.constantFrom('self', 'ci', 'platform'),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ evidence, ...rest }) =>
    aTask({
      ...rest,
      evidence: evidence.map((item) => ({ ...item, exitCode: item.passed ? 0 : 1, attempt: 1, by: 'ci', at: AT })),
    }),
  )
