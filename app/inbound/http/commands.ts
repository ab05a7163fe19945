/** `POST /v1/commands`: the cheap way in for agents. The same catalogue rows as in comments; JSON in and out; nothing is written to GitHub by asking. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Actor } from '../../domain/actor.ts'
import { canonicalJson } from '../../domain/event/canonical-json.ts'
import { taskStream } from '../../domain/event/envelope.ts'
import type { Project } from '../../domain/project/project.ts'
import { isHeldBy, type Asking } from '../../domain/task/decide/require-lease.ts'
import { branchFor } from '../../domain/task/branch.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { neutralise } from '../../domain/text/neutralise.ts'
import { renderFence } from '../../domain/task/fence.ts'
import type { Task } from '../../domain/task/state.ts'
import { httpCause } from '../../engine/cause.ts'
import { httpCommandSchema, type HttpCommand } from '../../../schemas/http-command.ts'
import { carryOut, type Carried, type CarryOutDeps } from '../carry-out.ts'
import { findCommand } from '../catalogue.ts'
import type { BoundArguments } from '../catalogue/bind-arguments.ts'
import { bindJson } from '../catalogue/bind-json.ts'
import type { Intent } from '../catalogue/intent.ts'
import { explainParseProblem, unknownVerb } from '../catalogue/parse-problem.ts'
import { explainRejection } from '../explain-rejection.ts'
import { findAgentKey } from './agent-key.ts'
import { statusOf, type HttpStatus } from './status-of.ts'

export const COMMANDS_PATH = '/v1/commands'

const MAX_BYTES = 262_144
/** The header's draft standard has it in double quotes; most clients send it bare. */
const IDEMPOTENCY_KEY = /^("?)([\w.:/+=-]{1,200})\1$/
/** Commands that change nothing, or only a volatile deadline, need no key. */
const UNKEYED: ReadonlySet<Intent['kind']> = new Set(['show', 'brief', 'help', 'heartbeat'])

const no = (status: HttpStatus, code: string, message: string, next: string): Response =>
  Response.json({ ok: false, error: { code, message: told(message), next: told(next) } }, { status })

/** Agents pass on what they are told: words of others in it must stay inert. */
const told = (text: string): string => neutralise(text, { max: 1_000 })

export const createCommandsEndpoint = (deps: CarryOutDeps): Hono =>
  new Hono().post(
    COMMANDS_PATH,
    bodyLimit({ maxSize: MAX_BYTES, onError: () => no(413, 'too-large', 'The body is too large.', 'Send less.') }),
    async ({ req }) => {
      const { projections, agentKeys } = deps.engine.store
      const key = await findAgentKey(agentKeys, req.header('authorization'))
      if (key === null) {
        const next =
          'Send "Authorization: Bearer KEY"; npm run -s agent-key -- --agent ID --project owner/repo prints a key.'
        return no(401, 'bad-key', 'The agent key is missing, unknown or revoked.', next)
      }
      const project = await projections.project(key.project)
      if (project === null) {
        const next = 'Comment /task on an issue of that repository, then ask again.'
        return no(404, 'unknown-project', 'The project of this key has no task yet.', next)
      }
      const body = httpCommandSchema.safeParse(await req.json().catch(() => null))
      if (!body.success) {
        const where = body.error.issues[0]?.path.join('.') || 'body'
        const next = 'Send {"verb": "claim", "task": "DEV-12", "args": {}} as JSON.'
        return no(400, 'bad-request', `${where}: ${body.error.issues[0]?.message ?? 'not valid'}.`, next)
      }
      const idempotencyKey = IDEMPOTENCY_KEY.exec(req.header('idempotency-key') ?? '')?.[2] ?? null
      return answer(deps, { agent: key.agent, project }, body.data, idempotencyKey)
    },
  )

const answer = async (
  deps: CarryOutDeps,
  { agent, project }: { readonly agent: string; readonly project: Project },
  wanted: HttpCommand,
  idempotencyKey: string | null,
): Promise<Response> => {
  const { repository } = wanted
  if (repository !== undefined && repository.toLowerCase() !== project.repository.toLowerCase()) {
    return no(404, 'other-project', `This key is not for ${repository}.`, `Use it for ${project.repository}.`)
  }
  const telling = { surface: 'http', bare: false } as const
  const row = findCommand(wanted.verb, 'http')
  if (row === null) {
    const unknown = unknownVerb(wanted.verb, 'http')
    const { problem, next } = explainParseProblem(unknown, telling)
    return no(400, unknown.code, problem, next)
  }
  const bound = bindJson(row, wanted.args ?? {})
  if (!bound.ok) {
    const { problem, next } = explainParseProblem(bound.problem, telling)
    return no(400, bound.problem.code, problem, next)
  }
  // A key opens one agent's door: it cannot work in another's name, and admins' commands need a person.
  const other = bound.args['agent']
  if (row.role === 'admin' || (typeof other === 'string' && other !== agent)) {
    return no(403, 'not-yours', `This key stands for the agent ${agent}.`, 'Leave agent out, or use its own key.')
  }
  const issue = await issueOf(deps, project, wanted.task, row.verb === 'task')
  if (issue === null) {
    return no(404, 'unknown-task', `There is no task ${wanted.task} in ${project.repository}.`, 'Check the key.')
  }
  const intent = row.toIntent(bound.args, { id: agent })
  if (intent.kind === 'reject') return refused(intent.rejection)
  if (!UNKEYED.has(intent.kind) && idempotencyKey === null) {
    const next =
      'Send "Idempotency-Key: KEY" with up to 200 letters, digits and . _ : / + = - of yours; the same key does nothing twice.'
    return no(400, 'no-idempotency-key', 'This command changes something and needs a key of its own.', next)
  }
  const actor: Actor = { kind: 'agent', id: agent }
  const { repositoryId, repositoryNodeId, installationId } = project
  const carried = await carryOut(deps, {
    intent,
    place: {
      repository: project.repository,
      repositoryId,
      repositoryNodeId,
      installationId,
      owner: project.repository.slice(0, project.repository.indexOf('/')),
    },
    issue,
    actor,
    bare: true,
    cause: httpCause(agent, `${project.repositoryId}:${issue}:${row.verb}:${idempotencyKey ?? ''}`),
    fingerprint: deps.engine.sha256(canonicalJson(given(bound.args))),
  })
  return render(deps, carried, intent, { actor, epoch: project.epoch })
}

/** Left out and null are the same; an argument that is new in a later version changes no fingerprint. */
const given = (args: BoundArguments): BoundArguments =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null))

/** Numbers, `#12` and keys of this project. */
const issueOf = async (
  deps: CarryOutDeps,
  project: Project,
  task: HttpCommand['task'],
  mayBeNew: boolean,
): Promise<number | null> => {
  const { projections } = deps.engine.store
  if (typeof task === 'string' && task.includes('-')) {
    return (await projections.taskByKey(project.stream, task))?.number ?? null
  }
  const number = typeof task === 'number' ? task : Number(task.replace('#', ''))
  const known = await projections.task(taskStream(project.repositoryId, number))
  return known !== null || mayBeNew ? number : null
}

const refused = (rejection: Rejection): Response => {
  const { problem, next } = explainRejection(rejection)
  const { code, ...data } = rejection
  return Response.json(
    { ok: false, error: { code, message: told(problem), next: told(next), data } },
    { status: statusOf(code) },
  )
}

const render = async (
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
  if (intent.kind === 'command' && intent.command.type === 'claim-task' && !holds) {
    const next = 'Stop that attempt. To work on the task again, claim it with a new Idempotency-Key.'
    return no(409, 'lease-over', 'This claim was carried out before, and its lease has ended since.', next)
  }
  if (intent.kind === 'brief' && task !== null)
    return Response.json({ ok: true, task: summary(task), brief: briefOf(task, text) })
  const until = carried.until ?? (task === null ? null : (await deps.engine.store.log.load(task.stream)).leaseUntil)
  return Response.json({
    ok: true,
    task: task === null ? null : summary(task),
    lease: lease === null ? null : leaseOf(lease, until),
    ...(text === null ? {} : { text }),
  })
}

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
