/** Check suites, one per App and commit. */
import { createSuite, findSuites, rerequestSuite } from '../changes/check-suites.ts'
import type { Context } from '../http/context.ts'
import { forbidden, notFound, unprocessable } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { checkRunsOf, type CheckSuite, suitesOf } from '../model/check.ts'
import { renderCheckSuite } from '../render/check.ts'
import { writingApp } from './checks.ts'
import { commitAt } from './git-place.ts'

function findSuite(c: Pick<Context, 'world' | 'repo'>, id: string): CheckSuite {
  const suite = suitesOf(c.world.state).get(Number(id))
  if (!suite || suite.repositoryId !== c.repo.id) throw notFound()
  return suite
}

export const checkSuiteRoutes = [
  defineRoute('checks/get-suite', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-suites/{check_suite_id}',
    who: ANYONE,
    permission: { checks: 'read' },
    handle: (c) => ({ status: 200, body: renderCheckSuite(c.world, findSuite(c, c.params.check_suite_id)) }),
  }),
  defineRoute('checks/create-suite', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-suites',
    who: SIGNED_IN,
    permission: { checks: 'write' },
    async handle(c) {
      const appId = writingApp(c)
      const sha = c.body.head_sha
      const [existing] = findSuites(c.world.state, c.repo.id, sha, appId)
      if (existing) return { status: 200, body: renderCheckSuite(c.world, existing) }
      const suite = await createSuite(c.world, { repository: c.repo, appId, sha, branch: null })
      if (!suite) throw unprocessable(`No commit found for SHA: ${sha}`)
      return { status: 201, body: renderCheckSuite(c.world, suite) }
    },
  }),
  defineRoute('checks/rerequest-suite', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-suites/{check_suite_id}/rerequest',
    who: SIGNED_IN,
    permission: { checks: 'write' },
    role: 'write',
    handle(c) {
      const suite = findSuite(c, c.params.check_suite_id)
      if (suite.appId !== writingApp(c)) throw forbidden('This check suite is not rerequestable')
      rerequestSuite(c, suite.id)
      return { status: 201, body: {} }
    },
  }),
  defineRoute('checks/list-suites-for-ref', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-suites',
    who: ANYONE,
    permission: { checks: 'read' },
    takes: ['app_id', 'check_name'],
    async handle(c) {
      const { sha } = await commitAt(c, c.params.ref)
      const [appId, name] = [c.query.get('app_id'), c.query.get('check_name')]
      const named = (suite: CheckSuite) =>
        name === null || checkRunsOf(c.world.state).find((one) => one.suiteId === suite.id && one.name === name)
      const rows = suitesOf(c.world.state)
        .where((one) => one.repositoryId === c.repo.id && one.headSha === sha, c.asOf)
        .filter((one) => (appId === null || one.appId === Number(appId)) && named(one))
      const page = paginate(rows, c.url)
      const suites = page.rows.map((one) => renderCheckSuite(c.world, one))
      return { status: 200, headers: page.headers, body: { total_count: rows.length, check_suites: suites } }
    },
  }),
]
