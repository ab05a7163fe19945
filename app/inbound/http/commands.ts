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
import { renderFence } from '../../domain/task/fence.ts'
import type { Task } from '../../domain/task/state.ts'
import { httpCause } from '../../engine/cause.ts'
import type { HttpCommand } from '../../../schemas/http-command.ts'
import { carryOut, type Carried, type CarryOutDeps } from '../carry-out.ts'
import { findCommand } from '../catalogue.ts'
import type { BoundArguments } from '../catalogue/bind-arguments.ts'
import { bindJson } from '../catalogue/bind-json.ts'
import type { Intent } from '../catalogue/intent.ts'
import { explainParseProblem, unknownVerb } from '../catalogue/parse-problem.ts'
import { explainRejection } from '../explain-rejection.ts'
import { foreign, OVER_HTTP } from '../telling.ts'
import { findAgentKey } from './agent-key.ts'
import { readRequest } from './read-request.ts'
import { refuse } from './refuse.ts'
import { statusOf } from './status-of.ts'

export const COMMANDS_PATH = '/v1/commands'

const MAX_BYTES = 262_144
/** The header's draft standard has it in double quotes; most clients send it bare. */
const IDEMPOTENCY_KEY = /^("?)([\w.:/+=-]{1,200})\1$/
/** Commands that change nothing, or only a volatile deadline, need no key. */
const UNKEYED: ReadonlySet<Intent['kind']> = new Set(['show', 'brief', 'findings', 'help', 'heartbeat'])

export const createCommandsEndpoint = (deps: CarryOutDeps): Hono =>
  new Hono()
    .post(
      COMMANDS_PATH,
      bodyLimit({
        maxSize: MAX_BYTES,
        onError: () => refuse(413, 'too-large', `The body is above ${MAX_BYTES} bytes.`, 'Send less.'),
      }),
      async ({ req }) => {
        const { projections, agentKeys } = deps.engine.store
        const key = await findAgentKey(agentKeys, req.header('authorization'))
        if (key === null) {
          const next =
            'Send the header "Authorization: Bearer <agent key>"; `npm run -s agent-key -- --agent ID --project owner/repo` prints a key.'
          return refuse(401, 'bad-key', 'The agent key is missing, unknown or revoked.', next)
        }
        const project = await projections.project(key.project)
        if (project === null) {
          const next = 'Have a person comment `/task` on an issue of that repository, then ask again.'
          return refuse(404, 'unknown-project', 'The project of this key has no task yet.', next)
        }
        const wanted = readRequest(await req.text(), req.header('content-type'))
        if (wanted instanceof Response) return wanted
        const idempotencyKey = IDEMPOTENCY_KEY.exec(req.header('idempotency-key') ?? '')?.[2] ?? null
        return answer(deps, { agent: key.agent, project }, wanted, idempotencyKey)
      },
    )
    .all(COMMANDS_PATH, ({ req }) => {
      const message = `${foreign(req.method, 20)} is not how commands are sent.`
      return refuse(405, 'wrong-method', message, 'Send a POST.', { headers: { allow: 'POST' } })
    })

const answer = async (
  deps: CarryOutDeps,
  { agent, project }: { readonly agent: string; readonly project: Project },
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
  const issue = await issueOf(deps, project, wanted.task, row.verb === 'task')
  if (issue === null) {
    const next = 'Check the number or key; `{"verb": "task"}` makes an issue a task.'
    return refuse(404, 'unknown-task', `There is no task ${wanted.task} in ${project.repository}.`, next)
  }
  const intent = row.toIntent(bound.args, { id: agent })
  if (intent.kind === 'reject') return refused(intent.rejection)
  if (!UNKEYED.has(intent.kind) && idempotencyKey === null) {
    const next =
      'Send "Idempotency-Key: KEY" with up to 200 letters, digits and . _ : / + = - of yours; the same key does nothing twice.'
    return refuse(400, 'no-idempotency-key', 'This command changes something and needs a key of its own.', next)
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
    telling: OVER_HTTP,
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
  const { problem, next } = explainRejection(rejection, OVER_HTTP)
  const { code, ...data } = rejection
  return refuse(statusOf(code), code, problem, next, { data })
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
  const claims = intent.kind === 'command' && intent.command.type === 'claim-task'
  if (claims && !holds) {
    const next = 'Stop that attempt. To work on the task again, claim it with a new Idempotency-Key.'
    return refuse(409, 'lease-over', 'This claim was carried out before, and its lease has ended since.', next)
  }
  if (intent.kind === 'brief' && task !== null)
    return Response.json({ ok: true, task: summary(task), brief: briefOf(task, text) })
  const until = carried.until ?? (task === null ? null : (await deps.engine.store.log.load(task.stream)).leaseUntil)
  return Response.json({
    ok: true,
    task: task === null ? null : summary(task),
    lease: lease === null ? null : leaseOf(lease, until),
    ...(claims && !carried.changed ? { already: true } : {}),
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
