/** Check runs. Only Apps write them, each its own; everybody may read. */
import { createCheckRun, rerequestCheckRun, updateCheckRun } from '../changes/check-runs.ts'
import type { Context } from '../http/context.ts'
import { forbidden, notFound, unprocessable } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { type CheckRun, checkRunsOf } from '../model/check.ts'
import { renderAnnotations, renderCheckRun } from '../render/check.ts'
import { commitAt } from './git-place.ts'
import { type MaybeStale, singleRow } from './single-row.ts'

/** The App that writes; people cannot. */
export function writingApp(c: Pick<Context, 'app'>): number {
  if (!c.app) throw forbidden('You must authenticate via a GitHub App.')
  return c.app.id
}

export function findCheckRun(c: MaybeStale & Pick<Context, 'repo'>, id: string): CheckRun {
  const run = singleRow(c, checkRunsOf(c.world.state), Number(id))
  if (!run || run.repositoryId !== c.repo.id) throw notFound()
  return run
}

type Listing = Pick<Context, 'world' | 'repo' | 'query' | 'url' | 'asOf'>

/** `filter=latest` (the default) keeps the newest run of each name in each suite. */
export function listRuns(c: Listing, match: (run: CheckRun) => boolean) {
  const name = c.query.get('check_name')
  const status = c.query.get('status')
  const appId = c.query.get('app_id')
  const all = checkRunsOf(c.world.state)
    .where((one) => one.repositoryId === c.repo.id && match(one), c.asOf)
    .filter((one) => (name === null || one.name === name) && (appId === null || one.appId === Number(appId)))
  const newest = new Map(all.map((one) => [`${one.suiteId} ${one.name}`, one]))
  const rows = (c.query.get('filter') === 'all' ? all : [...newest.values()])
    .filter((one) => status === null || one.status === status)
    .toSorted((a, b) => b.id - a.id)
  const page = paginate(rows, c.url)
  const runs = page.rows.map((one) => renderCheckRun(c.world, one))
  return { status: 200 as const, headers: page.headers, body: { total_count: rows.length, check_runs: runs } }
}

export const checkRunRoutes = [
  defineRoute('checks/create', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-runs',
    who: SIGNED_IN,
    permission: { checks: 'write' },
    refuses: ['output/images'],
    async handle(c) {
      const appId = writingApp(c)
      const { name, head_sha: headSha, ...fields } = c.body as { name?: string; head_sha?: string }
      if (name === undefined || headSha === undefined)
        throw unprocessable(`Invalid request.\n\n"${name === undefined ? 'name' : 'head_sha'}" wasn't supplied.`)
      const run = await createCheckRun(c, { repository: c.repo, appId, headSha, name, fields })
      const body = renderCheckRun(c.world, run)
      return { status: 201, body, headers: { location: body.url } }
    },
  }),
  defineRoute('checks/get', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    who: ANYONE,
    permission: { checks: 'read' },
    handle: (c) => ({ status: 200, body: renderCheckRun(c.world, findCheckRun(c, c.params.check_run_id)) }),
  }),
  defineRoute('checks/update', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    who: SIGNED_IN,
    permission: { checks: 'write' },
    refuses: ['output/images'],
    handle(c) {
      const appId = writingApp(c)
      const run = updateCheckRun(c, findCheckRun(c, c.params.check_run_id).id, appId, c.body)
      return { status: 200, body: renderCheckRun(c.world, run) }
    },
  }),
  defineRoute('checks/list-annotations', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    who: ANYONE,
    permission: { checks: 'read' },
    handle(c) {
      const page = paginate(renderAnnotations(c.world, findCheckRun(c, c.params.check_run_id)), c.url)
      return { status: 200, headers: page.headers, body: [...page.rows] }
    },
  }),
  defineRoute('checks/rerequest-run', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest',
    who: SIGNED_IN,
    permission: { checks: 'write' },
    role: 'write',
    handle(c) {
      const run = findCheckRun(c, c.params.check_run_id)
      if (run.appId !== writingApp(c)) throw forbidden('This check run is not rerequestable')
      rerequestCheckRun(c, run.id)
      return { status: 201, body: {} }
    },
  }),
  defineRoute('checks/list-for-ref', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    who: ANYONE,
    permission: { checks: 'read' },
    takes: ['check_name', 'status', 'filter', 'app_id'],
    async handle(c) {
      const { sha } = await commitAt(c, c.params.ref)
      return listRuns(c, (one) => one.headSha === sha)
    },
  }),
  defineRoute('checks/list-for-suite', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs',
    who: ANYONE,
    permission: { checks: 'read' },
    takes: ['check_name', 'status', 'filter'],
    handle: (c) => listRuns(c, (one) => one.suiteId === Number(c.params.check_suite_id)),
  }),
]
