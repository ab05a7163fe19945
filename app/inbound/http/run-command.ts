/**
 * One command over HTTP, from JSON that is read to the answer: the verb's row, the arguments, who may, the task, and what came
 * of it. The same for a command on its own and for one of a batch.
 */
import type { Actor } from '../../domain/actor.ts'
import { canonicalJson } from '../../domain/event/canonical-json.ts'
import { epochOf } from '../../domain/task/epoch-of.ts'
import { httpCause } from '../../engine/cause.ts'
import type { HttpCommand } from '../../../schemas/http-command.ts'
import type { CarryOutDeps } from '../carried.ts'
import { carryOut } from '../carry-out.ts'
import { carryOutNext } from '../claim-next.ts'
import { findCommand } from '../catalogue.ts'
import type { BoundArguments } from '../catalogue/bind-arguments.ts'
import { bindJson } from '../catalogue/bind-json.ts'
import type { Intent } from '../catalogue/intent.ts'
import { explainParseProblem, unknownVerb } from '../catalogue/parse-problem.ts'
import { placeOfProject } from '../standing-at.ts'
import { foreign, OVER_HTTP } from '../telling.ts'
import { namedTask } from './named-task.ts'
import { refuse } from './refuse.ts'
import { isClaim, refused, renderAnswer } from './render-answer.ts'
import type { Caller } from './who-calls.ts'

/** Commands that change nothing, or only a volatile deadline, need no key. */
const UNKEYED: ReadonlySet<Intent['kind']> = new Set([
  'show',
  'history',
  'brief',
  'graph',
  'cost',
  'portfolio',
  'findings',
  'policy',
  'help',
  'heartbeat',
])

/** What may be asked without naming a task. */
const ABOUT_PROJECT: ReadonlySet<Intent['kind']> = new Set(['policy', 'portfolio'])

/** `idempotencyKey` null: none was given. */
export const runCommand = async (
  deps: CarryOutDeps,
  { agent, project }: Caller,
  wanted: HttpCommand,
  idempotencyKey: string | null,
): Promise<Response> => {
  const { repository } = wanted
  if (repository !== undefined && repository.toLowerCase() !== project.repository.toLowerCase()) {
    const next = `Use it for ${project.repository}.`
    return refuse(404, 'other-project', `This key is not for ${foreign(repository)}.`, next)
  }
  const row = findCommand(wanted.verb, 'http')
  if (row === null) {
    const unknown = unknownVerb(wanted.verb, 'http')
    const { problem, next } = explainParseProblem(unknown, OVER_HTTP)
    return refuse(unknown.code === 'not-here' ? 403 : 400, unknown.code, problem, next)
  }
  const bound = bindJson(row, wanted.args ?? {})
  if (!bound.ok) {
    const { problem, next } = explainParseProblem(bound.problem, OVER_HTTP)
    return refuse(400, bound.problem.code, problem, next)
  }
  // A key opens one agent's door: it cannot work in another's name, and admins' commands need a person.
  const other = bound.args['agent']
  if (row.role === 'admin' || (typeof other === 'string' && other !== agent)) {
    return refuse(403, 'not-yours', `This key stands for the agent ${agent}.`, 'Leave agent out, or use its own key.')
  }
  const { task } = wanted
  const actor: Actor = { kind: 'agent', id: agent }
  const named =
    task === undefined ? null : await namedTask(deps, project, task, { actor, mayBeNew: row.verb === 'task' })
  const issue = named?.issue ?? null
  if (task !== undefined && issue === null) {
    const next = 'Check the number or key; `{"verb": "task"}` makes an issue a task.'
    return refuse(404, 'unknown-task', `There is no task ${task} in ${project.repository}.`, next)
  }
  const intent = row.toIntent(bound.args, { id: agent })
  if (intent.kind === 'reject') return refused(intent.rejection)
  if (!UNKEYED.has(intent.kind) && idempotencyKey === null) {
    const next =
      'Send "Idempotency-Key: KEY" with up to 200 letters, digits and . _ : / + = - of yours; the same key does nothing twice.'
    return refuse(400, 'no-idempotency-key', 'This command changes something and needs a key of its own.', next)
  }
  const place = placeOfProject(named?.project ?? project)
  const about = named?.born ?? `${project.repositoryId}:${issue ?? 'next'}`
  const cause = httpCause(agent, `${about}:${row.verb}:${idempotencyKey ?? ''}`)
  const fingerprint = deps.engine.sha256(canonicalJson(given(bound.args)))
  const carried =
    issue !== null || ABOUT_PROJECT.has(intent.kind)
      ? await carryOut(deps, { intent, place, issue: issue ?? 0, actor, telling: OVER_HTTP, cause, fingerprint })
      : isClaim(intent)
        ? await carryOutNext(deps, { claim: intent.command, place, actor, cause, fingerprint })
        : ({ ok: false, rejection: { code: 'not-a-task' } } as const)
  const epoch = epochOf(carried.ok ? carried.task : null, named?.project ?? project)
  return renderAnswer(deps, carried, intent, { actor, epoch })
}

/** Left out and null are the same; an argument that is new in a later version changes no fingerprint. */
const given = (args: BoundArguments): BoundArguments =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null))
