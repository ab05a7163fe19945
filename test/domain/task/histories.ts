/** Arbitrary histories of one task: every command, by anybody, in any order. A new command is a new row here, so that the laws hold for it too. */
import fc from 'fast-check'
import type { Actor } from '../../../app/domain/actor.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { Settings } from '../../../app/domain/settings.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { Measures, TaskEvent } from '../../../app/domain/task/events.ts'
import { PRIORITIES, type PullRequest, type Task, type TaskRef } from '../../../app/domain/task/state.ts'
import { aDay, budgeted, facts, NONE, report, usd } from '../budget/money.ts'
import { NO_FENCE } from '../../../app/domain/task/fence.ts'
import { AGENT, ALICE, BOB, CREATE, claim, context, fail, replay, store } from '../given.ts'

const actors: readonly Actor[] = [ALICE, BOB, AGENT]
/** Often the right one: of what is never accepted nothing is learned. */
const fences = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => ({ epoch: 1, n })) },
  { weight: 1, arbitrary: fc.record({ epoch: fc.integer({ min: 0, max: 3 }), n: fc.integer({ min: 0, max: 6 }) }) },
)
const stands = fc.constantFrom('open', 'done', 'failed', 'canceled')
const text = fc.string({ maxLength: 20 })
const HEADS = ['a'.repeat(40), 'b'.repeat(40)] as const
const ARTIFACT = {
  kind: 'log',
  name: 'log.txt',
  url: 'https://ci.example/log.txt',
  sha256: null,
  size: null,
  mediaType: null,
  figures: [],
} as const
const MEASURES: Measures = {
  trust: 'ci',
  durationMs: 60_000,
  tokens: { total: 1200, input: 1000, output: 200, cacheRead: 0, cacheWrite: 0 },
  costMicroUsd: 42_000,
  model: 'claude-opus-5',
  tests: { total: 2, failed: 1, skipped: 0, failures: [{ name: 't', file: null, line: null, message: 'm' }] },
  run: { id: 9, attempt: 1, url: 'https://example.test/9' },
  logTail: null,
}

const PLACES = [
  { project: 'project/7', number: 12, key: 'DEV-12', repository: 'acme/widgets' },
  { project: 'project/8', number: 3, key: 'GAD-3', repository: 'acme/gadgets' },
] as const

const STEPS = [{ id: 'plan', title: 'Plan' }]

const pull = (state: PullRequest['state'], headSha: string = HEADS[0]): TaskCommand => ({
  type: 'observe-pull-request',
  pullRequest: { number: 5, branch: 'muster/DEV-12-x', headSha, state },
})

const ending: fc.Arbitrary<TaskCommand> = fc.oneof(
  text.map((reason): TaskCommand => ({ type: 'cancel-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'fail-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'ask-person', reason })),
  text.map((reason): TaskCommand => ({ type: 'complete-task', reason })),
  fc.constantFrom(...HEADS).map((headSha): TaskCommand => pull('merged', headSha)),
)

const working: fc.Arbitrary<TaskCommand> = fc.oneof(
  fc.constant(CREATE),
  fc.constant<TaskCommand>({ type: 'ready-task' }),
  fc
    .tuple(fc.constantFrom('alice', 'bob', 'a1'), fc.constantFrom(null, 60_000, 7_200_000))
    .map(([owner, ttlMs]) => claim(owner, { ttlMs, tools: ['t@1'], runner: 'box', configSha256: 'c'.repeat(64) })),
  fences.map((fence): TaskCommand => ({ type: 'start-attempt', fence })),
  fences.map((fence): TaskCommand => ({ type: 'succeed-attempt', fence, costMicroUsd: 5, tokens: 7 })),
  fc
    .tuple(fences, fc.constantFrom('test_fail', 'permission_error', 'rate_limit', 'timeout'))
    .map(([fence, name]): TaskCommand => fail({ fence, failure: { class: name, message: 'm' } })),
  fences.map((fence): TaskCommand => ({ type: 'release-task', fence, reason: 'r' })),
  fc.constant<TaskCommand>({ type: 'retry-task' }),
  text.map((reason): TaskCommand => ({ type: 'reopen-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'block-task', reason })),
  fc.option(fc.nat(4), { nil: null }).map((id): TaskCommand => ({ type: 'unblock-task', id })),
  text.map((note): TaskCommand => ({ type: 'add-note', text: note })),
  fc.integer({ min: 0, max: 3_000_000 }).map((leaseUntil): TaskCommand => ({ type: 'tick', leaseUntil })),
  fc
    .integer({ min: 1, max: 4 })
    .map((n): TaskCommand => ({ type: 'ask-preemption', by: 'DEV-9', fence: { epoch: 1, n } })),
  fc.tuple(stands, fc.constantFrom('wait', 'fail', 'drop', null)).map(([status, onFailure]): TaskCommand => ({
    type: 'add-dependency',
    on: { stream: 'task/7/3', key: 'DEV-3' },
    status,
    path: null,
    onFailure,
  })),
  stands.map((status): TaskCommand => ({ type: 'settle-dependency', on: 'task/7/3', status })),
  fc.constant<TaskCommand>({ type: 'remove-dependency', on: { stream: 'task/7/3', key: 'DEV-3' } }),
  text.map((title): TaskCommand => ({ type: 'change-title', title })),
  fc.constantFrom(...PLACES).map((to): TaskCommand => ({ type: 'move-task', left: 'acme/elsewhere', to, epoch: 1 })),
  fc
    .constantFrom(8, 9)
    .map((repositoryId): TaskCommand => ({ type: 'lose-task', repositoryId, number: 4, reason: 'it went away' })),
  fc.constantFrom(...PRIORITIES).map((priority): TaskCommand => ({ type: 'set-priority', priority })),
  fc.tuple(fences, text).map(([fence, command]): TaskCommand => ({
    type: 'record-evidence',
    command,
    exitCode: 0,
    headSha: null,
    fence,
  })),
  fences.map((fence): TaskCommand => ({ type: 'record-artifact', ...ARTIFACT, fence })),
  fc.constantFrom(...HEADS).map((headSha): TaskCommand => ({
    type: 'observe-head',
    branch: 'muster/DEV-12-x',
    headSha,
    attempt: null,
  })),
  fc
    .tuple(fc.constantFrom(...HEADS), fc.constantFrom('open', 'closed'))
    .map(([headSha, state]): TaskCommand => pull(state, headSha)),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(true, false, null), fc.constantFrom(...HEADS))
    .map(([attempt, passed, headSha]): TaskCommand => ({
      type: 'report-attempt',
      attempt,
      source: 'ci.yml / unit',
      passed,
      failure: passed === false ? { class: 'test_fail', message: 'm' } : null,
      headSha,
      measures: MEASURES,
      artifacts: [ARTIFACT],
      retryAfterMs: headSha === HEADS[0] ? 900_000 : null,
    })),
  fences.map((fence): TaskCommand => ({ type: 'open-gate', gate: 'look', fence })),
  fc
    .constantFrom([], ['bob'], ['alice', 'bob'])
    .map((assignees): TaskCommand => ({ type: 'observe-assignees', assignees })),
  fc
    .constantFrom(null, { number: 1, title: 'v1' })
    .map((milestone): TaskCommand => ({ type: 'observe-milestone', milestone })),
  fc
    .tuple(fc.constantFrom('read', 'write', 'admin'), fc.constantFrom(null, ...HEADS))
    .map(([role, sha]): TaskCommand => ({ type: 'approve-gate', gate: 'look', role, sha })),
  text.map((detail): TaskCommand => ({ type: 'report-tampering', what: 'record', by: ALICE, detail })),
  fc.tuple(fc.constantFrom(null, 'simple', 'complex'), fc.nat()).map(([tier, deadline]): TaskCommand => ({
    type: 'update-task',
    changes: { tier, deadline, tags: ['a'] },
  })),
  fc.constantFrom(['a'], ['b', 'c']).map((tags): TaskCommand => ({ type: 'edit-lists', add: { tags } })),
  fc.constantFrom(null, { inMs: 5 }).map((by): TaskCommand => ({ type: 'set-deadline', by })),
  fc.constantFrom(STEPS, [], null).map((steps): TaskCommand => ({ type: 'update-task', changes: { steps } })),
  fences.map((fence): TaskCommand => ({ type: 'start-step', step: 'plan', fence })),
  fences.map((fence): TaskCommand => ({ type: 'finish-step', step: 'plan', output: { a: 1 }, fence })),
  fences.map((fence): TaskCommand => ({ type: 'record-brief', fence: fence ?? NO_FENCE, sha256: 'b'.repeat(64) })),
  fc
    .constantFrom('retry', 'skip', 'fail')
    .map((decision): TaskCommand => ({ type: 'resolve-task', decision, note: 'n' })),
  fc.tuple(text, fences).map(([name, fence]): TaskCommand => ({ type: 'enter-phase', name, fence })),
  fc.tuple(fc.integer({ min: 0, max: 100 }), fences).map(([percent, fence]): TaskCommand => ({
    type: 'report-progress',
    percent,
    text: null,
    fence,
  })),
  fc.tuple(fc.option(text, { nil: null }), fences).map(([said, fence]): TaskCommand => ({
    type: 'set-next-step',
    text: said,
    fence,
  })),
  fences.map((fence): TaskCommand => ({
    type: 'attribute-task',
    attribution: { agent: 'a1', type: null, session: 's', process: null },
    fence,
  })),
  fc.tuple(text, fences, fc.boolean()).map(([summary, fence, ok]): TaskCommand => ({
    type: 'record-tool',
    tool: 'bash',
    summary,
    ok,
    durationMs: ok ? 12 : null,
    fence,
  })),
  fc.tuple(text, fences).map(([name, fence]): TaskCommand => ({ type: 'record-custom', name, data: { a: 1 }, fence })),
)

/** Work goes on for a while before it ends. */
const commands = fc.oneof({ weight: 12, arbitrary: working }, { weight: 1, arbitrary: ending })

type Moment = readonly [TaskCommand, Actor, pause: number, atLeast: number]

const moments: fc.Arbitrary<Moment> = fc.tuple(
  commands,
  fc.constantFrom(...actors),
  fc.nat(1_000_000),
  fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2),
)

const BEGUN: readonly Moment[] = [
  [CREATE, ALICE, 0, 1],
  [{ type: 'ready-task' }, ALICE, 5, 1],
  [claim('a1'), AGENT, 5, 1],
]

/** From nothing, or from a task that an agent has just claimed. */
export const histories: fc.Arbitrary<readonly Moment[]> = fc.oneof(
  fc.array(moments, { minLength: 1, maxLength: 60 }),
  fc.array(moments, { minLength: 1, maxLength: 60 }).map((rest) => BEGUN.concat(rest)),
)

const ON: TaskRef = { stream: 'task/7/3', key: 'DEV-3' }

/** A life in which what chance seldom brings about happens once. */
export const TOUR: readonly Moment[] = [
  [CREATE, ALICE, 0, 1],
  [{ type: 'add-dependency', on: ON, status: 'open', path: null, onFailure: null }, ALICE, 5, 1],
  [{ type: 'ready-task' }, ALICE, 5, 1],
  [{ type: 'settle-dependency', on: ON.stream, status: 'done' }, ALICE, 5, 1],
  [{ type: 'settle-dependency', on: ON.stream, status: 'open' }, ALICE, 5, 1],
  [{ type: 'settle-dependency', on: ON.stream, status: 'failed' }, ALICE, 5, 1],
  [{ type: 'add-dependency', on: ON, status: 'failed', path: null, onFailure: 'drop' }, ALICE, 5, 1],
  [{ type: 'remove-dependency', on: ON }, ALICE, 5, 1],
  [{ type: 'block-task', reason: 'r' }, ALICE, 5, 1],
  [{ type: 'unblock-task', id: null }, ALICE, 5, 1],
  [{ type: 'set-priority', priority: 'p0' }, ALICE, 5, 1],
  [{ type: 'change-title', title: 'Another title' }, ALICE, 5, 1],
  [{ type: 'enter-phase', name: 'p', fence: null }, ALICE, 5, 1],
  [{ type: 'report-progress', percent: 1, text: null, fence: null }, ALICE, 5, 1],
  [{ type: 'set-next-step', text: 't', fence: null }, ALICE, 5, 1],
  [{ type: 'record-custom', name: 'n', data: {}, fence: null }, ALICE, 5, 1],
  [{ type: 'add-note', text: 'n' }, ALICE, 5, 1],
  [claim('a1'), AGENT, 5, 1],
  [{ type: 'start-attempt', fence: { epoch: 1, n: 1 } }, AGENT, 5, 1],
  [
    { type: 'record-tool', tool: 'bash', summary: 's', ok: true, durationMs: 1, fence: { epoch: 1, n: 1 } },
    AGENT,
    5,
    1,
  ],
  [{ type: 'succeed-attempt', fence: { epoch: 1, n: 1 }, costMicroUsd: 1, tokens: null }, AGENT, 5, 1],
  [{ type: 'approve-gate', gate: 'look', role: 'write', sha: null }, BOB, 5, 1],
  [{ type: 'succeed-attempt', fence: { epoch: 1, n: 1 }, costMicroUsd: 1, tokens: null }, AGENT, 5, 1],
  [{ type: 'retry-task' }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [claim('alice', { ttlMs: 7_200_000 }), ALICE, 5, 1],
  [{ type: 'ask-preemption', by: 'DEV-9', fence: { epoch: 1, n: 2 } }, ALICE, 5, 1],
  [{ type: 'start-attempt', fence: null }, ALICE, 5, 1],
  [{ type: 'update-task', changes: { steps: STEPS } }, ALICE, 5, 1],
  [{ type: 'start-step', step: 'plan', fence: null }, ALICE, 5, 1],
  [{ type: 'finish-step', step: 'plan', output: 7, fence: null }, ALICE, 5, 1],
  [{ type: 'record-brief', fence: { epoch: 1, n: 2 }, sha256: 'b'.repeat(64) }, ALICE, 5, 1],
  [fail({ failure: { class: 'permission_error', message: 'm' } }), ALICE, 5, 1],
  [{ type: 'resolve-task', decision: 'retry', note: null }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [
    {
      type: 'report-attempt',
      attempt: 3,
      source: 'ci.yml / unit',
      passed: false,
      failure: { class: 'rate_limit', message: 'm' },
      headSha: null,
      measures: MEASURES,
      artifacts: [],
      retryAfterMs: 900_000,
    },
    ALICE,
    5,
    1,
  ],
  [{ type: 'retry-task' }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'release-task', fence: null, reason: 'r' }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'tick', leaseUntil: 0 }, ALICE, 5, 1],
  ...(['open', 'closed'] as const).map((state): Moment => [pull(state), ALICE, 5, 1]),
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'start-attempt', fence: null }, ALICE, 5, 1],
  [{ type: 'observe-head', branch: 'muster/DEV-12-x', headSha: HEADS[1], attempt: null }, ALICE, 5, 1],
  [fail({ failure: { class: 'context_limit', message: 'm' } }), ALICE, 5, 1],
  [{ type: 'retry-task' }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'succeed-attempt', fence: null, costMicroUsd: 3_000_000, tokens: null }, ALICE, 5, 1],
  [report({ costMicroUsd: 2_000_000 }, { attempt: 6 }), ALICE, 5, 1],
  [{ type: 'retry-task' }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'fail-task', reason: 'r' }, ALICE, 5, 1],
  [{ type: 'reopen-task', reason: 'r' }, ALICE, 5, 1],
  [{ type: 'lose-task', repositoryId: 9, number: 4, reason: 'r' }, ALICE, 5, 1],
  [{ type: 'move-task', left: 'acme/elsewhere', to: PLACES[1], epoch: 1 }, ALICE, 5, 1],
  [{ type: 'cancel-task', reason: 'r' }, ALICE, 5, 1],
]

/** A claim reserves a dollar, so that money moves in every history, and what is most urgent is not called done before somebody has looked. */
const SETTINGS = budgeted(
  { project: aDay(usd(1.2)) },
  {
    gates: { look: { approvals: 1, role: 'write' } },
    policy: {
      otherwise: 'allow',
      rules: [
        {
          id: 'urgent',
          effect: 'require-gate',
          gate: 'look',
          reason: null,
          when: {
            kind: 'all',
            of: [
              { kind: 'is', what: 'verb', like: ['succeed'] },
              { kind: 'is', what: 'priority', like: ['p0'] },
            ],
          },
        },
      ],
    },
    tiers: [
      { name: 'simple', model: null, estimate: NONE },
      { name: 'complex', model: null, estimate: NONE },
    ],
  },
)

/** Plays a history, looking at the task after every accepted command. */
export const play = (
  history: readonly Moment[],
  look: (before: Task | null, after: Task | null) => void,
  settings: Settings = SETTINGS,
) => {
  let log: readonly TaskEvent[] = []
  let now = 1_000_000
  let epoch = 1
  for (const [command, actor, pause, atLeast] of history) {
    now += pause
    epoch = Math.max(epoch, atLeast)
    const before = replay(log)
    const at = context({ now, actor, epoch, settings, ...(settings === SETTINGS ? { budget: facts() } : {}) })
    const decision = decideTask(before, command, at)
    if (!decision.ok && decision.events === undefined) continue
    log = [...log, ...store(decision.events ?? [], at, log)]
    look(before, replay(log))
  }
  return log
}
