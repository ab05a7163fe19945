/** What may happen to a check run: created, updated, asked to run again, a button of it pressed. */
import { forbidden, notFound, unprocessable } from '../http/errors.ts'
import { type CheckRun, checkRunsOf, MAX_SAME_NAME_RUNS } from '../model/check.ts'
import type { Repository } from '../model/repository.ts'
import { renderCheckRunPayload, repositoryOfCheck } from '../render/check.ts'
import { emit } from '../webhooks/emit.ts'
import { type CheckFields, readCheckFields } from './check-fields.ts'
import { createSuite, findSuites, refreshSuite, rerequestSuite, resetSuite } from './check-suites.ts'
import type { Doer } from './doer.ts'

type RunAction = 'created' | 'completed' | 'rerequested' | 'requested_action'

function emitRun(doer: Doer, run: CheckRun, action: RunAction, extra: Readonly<Record<string, unknown>> = {}): void {
  const { world, caller } = doer
  const payload = { check_run: renderCheckRunPayload(world, run), ...extra }
  emit(world, 'check_run', action, {
    repository: repositoryOfCheck(world, run),
    caller,
    payload,
    ...((action === 'rerequested' || action === 'requested_action') && { onlyAppId: run.appId }),
  })
}

export interface NewCheckRun {
  readonly repository: Repository
  readonly appId: number
  readonly headSha: string
  readonly name: string
  readonly jobId?: number
  /** The suite of a workflow job; others go to their App's suite of the commit. */
  readonly suiteId?: number
  readonly fields: CheckFields
}

/** The suite that a new run joins. Runs made with GITHUB_TOKEN land in any of the github-actions suites of the commit. */
async function suiteFor(doer: Doer, input: NewCheckRun): Promise<number> {
  const { world } = doer
  const existing = findSuites(world.state, input.repository.id, input.headSha, input.appId)
  const picked = existing[Math.floor(world.random.next('suite of a token') * existing.length)]
  if (picked) return picked.id
  const suite = await createSuite(world, {
    repository: input.repository,
    appId: input.appId,
    sha: input.headSha,
    branch: null,
  })
  if (!suite) throw unprocessable(`No commit found for SHA: ${input.headSha}`)
  return suite.id
}

/** Beyond a thousand runs of one name in a suite, the oldest go. */
function dropOldest(doer: Doer, run: CheckRun): void {
  const runs = checkRunsOf(doer.world.state)
  const same = runs.where((one) => one.suiteId === run.suiteId && one.name === run.name)
  for (const { id } of same.slice(0, Math.max(0, same.length - MAX_SAME_NAME_RUNS))) runs.delete(id)
}

export async function createCheckRun(doer: Doer, input: NewCheckRun): Promise<CheckRun> {
  const { world } = doer
  const now = world.clock.now()
  const fresh: CheckRun = {
    id: 0,
    repositoryId: input.repository.id,
    suiteId: 0,
    appId: input.appId,
    headSha: input.headSha,
    name: input.name,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: now,
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    jobId: input.jobId ?? null,
  }
  const change = readCheckFields(fresh, input.fields, now)
  const suiteId = input.suiteId ?? (await suiteFor(doer, input))
  const run = checkRunsOf(world.state).put({ ...fresh, ...change, suiteId, id: world.state.ids.next() })
  dropOldest(doer, run)
  emitRun(doer, run, 'created')
  if (run.status === 'completed') emitRun(doer, run, 'completed')
  refreshSuite(doer, suiteId)
  return run
}

/** Changes a run of the doer's own App; annotations are added to those that stand. */
export function updateCheckRun(
  doer: Doer,
  id: number,
  appId: number,
  fields: CheckFields & { name?: string },
): CheckRun {
  const { world } = doer
  const run = checkRunsOf(world.state).get(id)
  if (!run) throw notFound()
  if (run.appId !== appId)
    throw forbidden(`Invalid app_id \`${appId}\` - check run can only be modified by the GitHub App that created it.`)
  const change = readCheckFields(run, fields, world.clock.now())
  const next = checkRunsOf(world.state).update(id, {
    ...change,
    ...(fields.name !== undefined && { name: fields.name }),
  })
  if (run.status !== 'completed' && next.status === 'completed') emitRun(doer, next, 'completed')
  refreshSuite(doer, run.suiteId)
  return next
}

/** Resets the suite (never the run) and asks the App to run again: what "Re-run" in the browser and the API do. */
export function rerequestCheckRun(doer: Doer, id: number): void {
  const run = checkRunsOf(doer.world.state).get(id)
  if (!run) throw notFound()
  if (doer.world.switches.rerunArrivesAs === 'check_suite') {
    rerequestSuite(doer, run.suiteId)
    return
  }
  resetSuite(doer, run.suiteId)
  emitRun(doer, run, 'rerequested')
}

/** A person presses one of a completed run's buttons. */
export function pressCheckAction(doer: Doer, id: number, identifier: string): void {
  const run = checkRunsOf(doer.world.state).get(id)
  if (!run || run.status !== 'completed') throw notFound()
  if (!run.actions.some((one) => one.identifier === identifier)) throw unprocessable(`No action ${identifier}`)
  emitRun(doer, run, 'requested_action', { requested_action: { identifier } })
}
