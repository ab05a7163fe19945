/**
 * Takes one step of a form as the person: an API request through the sandbox's own HTTP, or a press on a check run, which
 * goes through the same credential, limits, log and rights as an API request would.
 */
import type { Hono } from 'hono'
import { demandAccess } from '../../auth/access.ts'
import type { Caller } from '../../auth/caller.ts'
import { pressCheckAction, rerequestCheckRun } from '../../changes/check-runs.ts'
import { answerRequest } from '../../http/answer-request.ts'
import { findCheckRun } from '../../routes/checks.ts'
import type { World } from '../../world.ts'
import type { RepoVisit } from '../visit/visit.ts'
import type { Step } from './deeds.ts'

export interface Hands {
  readonly http: Hono
  readonly world: World
  /** The person's token. */
  readonly token: string
}

export async function takeStep(hands: Hands, visit: RepoVisit, step: Step): Promise<Response> {
  const headers = {
    authorization: `Bearer ${hands.token}`,
    'content-type': 'application/json',
    'user-agent': 'sandbox pages',
  }
  if (step.kind === 'api') {
    const body = step.body === undefined ? {} : { body: JSON.stringify(step.body) }
    return hands.http.fetch(new Request(`${visit.url.origin}${step.path}`, { method: step.method, headers, ...body }))
  }
  return answerRequest(
    hands.world,
    [hands.world.limits],
    new Request(visit.url, { method: 'POST', headers }),
    (caller) => ({
      route: `POST /{owner}/{repo}/runs/{check_run_id}/${step.kind === 'press' ? 'action' : 'rerun'} (page)`,
      weight: { resource: 'core', points: 5, cost: 1, creations: 0 },
      run: async () => {
        touchCheckRun({ world: hands.world, caller }, visit, step)
        return Response.json({})
      },
    }),
  )
}

function touchCheckRun(
  doer: { readonly world: World; readonly caller: Caller },
  visit: RepoVisit,
  step: Exclude<Step, { kind: 'api' }>,
): void {
  demandAccess(doer.world, doer.caller, visit.repo, { permission: { checks: 'write' }, role: 'write', write: true })
  const { id } = findCheckRun({ world: doer.world, repo: visit.repo }, String(step.runId))
  if (step.kind === 'press') pressCheckAction(doer, id, step.identifier)
  else rerequestCheckRun(doer, id)
}
