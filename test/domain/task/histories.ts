/** Arbitrary histories of one task: every command, by anybody, in any order. A new command is a new row here, so that the laws hold for it too. */
import fc from 'fast-check'
import type { Actor } from '../../../app/domain/actor.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { Measures, TaskEvent } from '../../../app/domain/task/events.ts'
import { NO_FENCE } from '../../../app/domain/task/fence.ts'
import { PRIORITIES, type Task, type TaskRef } from '../../../app/domain/task/state.ts'
import { AGENT, ALICE, BOB, CREATE, claim, context, fail, replay, store } from '../given.ts'

const actors: readonly Actor[] = [ALICE, BOB, AGENT]
/** Often the right one: of what is never accepted nothing is learned. */
const fences = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => ({ epoch: 1, n })) },
  { weight: 1, arbitrary: fc.record({ epoch: fc.integer({ min: 0, max: 3 }), n: fc.integer({ min: 0, max: 6 }) }) },
)
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

const STEPS = [{ id: 'plan', title: 'Plan' }]

const merge = (headSha: string): TaskCommand => ({
  type: 'observe-pull-request',
  pullRequest: { number: 5, branch: 'muster/DEV-12-x', headSha, state: 'merged' },
})

const ending: fc.Arbitrary<TaskCommand> = fc.oneof(
  text.map((reason): TaskCommand => ({ type: 'cancel-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'fail-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'ask-person', reason })),
  text.map((reason): TaskCommand => ({ type: 'complete-task', reason })),
  fc.constantFrom(...HEADS).map((headSha): TaskCommand => merge(headSha)),
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
  fc.boolean().map((settled): TaskCommand => ({
    type: 'add-dependency',
    on: { stream: 'task/7/3', key: 'DEV-3' },
    settled,
    path: null,
  })),
  fc.boolean().map((settled): TaskCommand => ({ type: 'settle-dependency', on: 'task/7/3', settled })),
  fc.constant<TaskCommand>({ type: 'remove-dependency', on: { stream: 'task/7/3', key: 'DEV-3' } }),
  text.map((title): TaskCommand => ({ type: 'change-title', title })),
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
  fc.tuple(fc.constantFrom(...HEADS), fc.constantFrom('open', 'closed')).map(([headSha, state]): TaskCommand => ({
    type: 'observe-pull-request',
    pullRequest: { number: 5, branch: 'muster/DEV-12-x', headSha, state },
  })),
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
      retryAfterMs: null,
    })),
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
  [{ type: 'add-dependency', on: ON, settled: false, path: null }, ALICE, 5, 1],
  [{ type: 'ready-task' }, ALICE, 5, 1],
  [{ type: 'settle-dependency', on: ON.stream, settled: true }, ALICE, 5, 1],
  [{ type: 'settle-dependency', on: ON.stream, settled: false }, ALICE, 5, 1],
  [{ type: 'remove-dependency', on: ON }, ALICE, 5, 1],
  [{ type: 'block-task', reason: 'r' }, ALICE, 5, 1],
  [{ type: 'unblock-task', id: null }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [claim('alice', { ttlMs: 7_200_000 }), ALICE, 5, 1],
  [{ type: 'update-task', changes: { steps: STEPS } }, ALICE, 5, 1],
  [{ type: 'start-step', step: 'plan', fence: null }, ALICE, 5, 1],
  [{ type: 'finish-step', step: 'plan', output: 7, fence: null }, ALICE, 5, 1],
  [{ type: 'record-brief', fence: { epoch: 1, n: 1 }, sha256: 'b'.repeat(64) }, ALICE, 5, 1],
  [fail({ failure: { class: 'permission_error', message: 'm' } }), ALICE, 5, 1],
  [{ type: 'resolve-task', decision: 'retry', note: null }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'release-task', fence: null, reason: 'r' }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'tick', leaseUntil: 0 }, ALICE, 5, 1],
  [claim('alice'), ALICE, 5, 1],
  [{ type: 'fail-task', reason: 'r' }, ALICE, 5, 1],
  [{ type: 'reopen-task', reason: 'r' }, ALICE, 5, 1],
  [{ type: 'cancel-task', reason: 'r' }, ALICE, 5, 1],
]

/** Plays a history, looking at the task after every accepted command. */
export const play = (history: readonly Moment[], look: (before: Task | null, after: Task | null) => void) => {
  let log: readonly TaskEvent[] = []
  let now = 1_000_000
  let epoch = 1
  for (const [command, actor, pause, atLeast] of history) {
    now += pause
    epoch = Math.max(epoch, atLeast)
    const before = replay(log)
    const at = context({ now, actor, epoch })
    const decision = decideTask(before, command, at)
    if (!decision.ok) continue
    log = [...log, ...store(decision.events, at, log)]
    look(before, replay(log))
  }
  return log
}
