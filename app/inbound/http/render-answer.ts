/** What came of a command as the JSON that an agent's client reads. Nothing is decided here. */
import type { PolicyAnswer } from '../../engine/explain-policy.ts'
import { isHeldBy, type Asking } from '../../domain/task/decide/require-lease.ts'
import { branchFor } from '../../domain/task/branch.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { renderFence } from '../../domain/task/fence.ts'
import type { Signals } from '../../domain/task/signals.ts'
import type { Task } from '../../domain/task/state.ts'
import type { Carried, CarryOutDeps } from '../carried.ts'
import type { Intent } from '../catalogue/intent.ts'
import { explainRejection } from '../explain-rejection.ts'
import { OVER_HTTP } from '../telling.ts'
import { refuse } from './refuse.ts'
import { statusOf } from './status-of.ts'

type ClaimIntent = Intent & { readonly kind: 'command'; readonly command: { readonly type: 'claim-task' } }

export const isClaim = (intent: Intent): intent is ClaimIntent =>
  intent.kind === 'command' && intent.command.type === 'claim-task'

export const refused = (rejection: Rejection): Response => {
  const { problem, next } = explainRejection(rejection, OVER_HTTP)
  const { code, ...data } = rejection
  const waitMs = 'retryAfterMs' in rejection ? rejection.retryAfterMs : 'waitMs' in rejection ? rejection.waitMs : null
  const headers: Record<string, string> = waitMs === null ? {} : { 'retry-after': String(Math.ceil(waitMs / 1000)) }
  return refuse(statusOf(code), code, problem, next, { data, headers })
}

export const renderAnswer = async (
  deps: CarryOutDeps,
  carried: Carried,
  intent: Intent,
  { actor, epoch }: Asking,
): Promise<Response> => {
  if (!carried.ok) return refused(carried.rejection)
  const { task, text } = carried
  // The repetition of a claim whose lease is over: whoever holds the task now, this agent must not work on it.
  const lease = task?.lease ?? null
  const holds = lease !== null && isHeldBy(lease, actor) && lease.fence.epoch >= epoch
  const claims = isClaim(intent)
  if (claims && !holds) {
    const next = 'Stop that attempt. To work on the task again, claim it with a new Idempotency-Key.'
    return refuse(409, 'lease-over', 'This claim was carried out before, and its lease has ended since.', next)
  }
  if (carried.policy !== undefined) return Response.json({ ok: true, policy: policyOf(carried.policy), text })
  if (intent.kind === 'brief' && task !== null)
    return Response.json({ ok: true, task: summary(task), brief: briefOf(task, text) })
  const until = carried.until ?? (task === null ? null : (await deps.engine.store.log.load(task.stream)).leaseUntil)
  return Response.json({
    ok: true,
    task: task === null ? null : summary(task),
    lease: lease === null ? null : leaseOf(lease, until),
    ...(carried.signals === null ? {} : { signals: renderSignals(carried.signals) }),
    ...(claims && !carried.changed ? { already: true } : {}),
    ...(text === null ? {} : { text }),
    ...(carried.graph === undefined ? {} : { graph: carried.graph }),
    ...carried.data,
  })
}

/** An object that may grow: whoever reads it leaves alone what they do not know. */
const renderSignals = ({ preempt, ...others }: Signals) => ({
  ...others,
  ...(preempt === undefined ? {} : { preempt: { by: preempt.by, until: new Date(preempt.until).toISOString() } }),
})

/** `outcome` gate: it may be done once the missing ones are open. */
const policyOf = ({ outcome, rules, gates, missing, tree }: PolicyAnswer) => ({
  outcome,
  rules: rules.map(({ id }) => id),
  gates,
  missing,
  tree,
})

const summary = ({ key, number, title, status, priority }: Task) => ({ key, number, title, status, priority })

const leaseOf = (lease: NonNullable<Task['lease']>, until: number | null) => ({
  attempt: lease.attempt,
  owner: lease.owner,
  fence: renderFence(lease.fence),
  ttl_seconds: Math.round(lease.ttlMs / 1000),
  expires_at: new Date(until ?? lease.expiresAt).toISOString(),
})

/** Failing tests are those of the newest attempt that failed. */
const briefOf = (task: Task, text: string | null) => ({
  text: text ?? '',
  branch: branchFor(task),
  attempt: task.lease?.attempt ?? null,
  failing_tests: task.attempts.findLast(({ failure }) => failure !== null)?.tests?.failures ?? [],
})
