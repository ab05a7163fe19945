/** Which address shows which page. Rows are tried in order; the address after `/{owner}/{repo}` is in the router's notation. */
import type { Context } from 'hono'
import { notFound } from '../http/errors.ts'
import { NOT_STALE } from '../http/staleness.ts'
import { type Pull, pullByNumber } from '../model/pull.ts'
import { findCheckRun } from '../routes/checks.ts'
import { findIssue } from '../routes/find-issue.ts'
import { checkRunPage } from './views/check-run.ts'
import { commitPage } from './views/commit.ts'
import { accountPage, homePage } from './views/home.ts'
import { issueListPage } from './views/issue-list.ts'
import { newIssuePage } from './views/new-issue.ts'
import { pullChecksPage, pullFilesPage, pullPage } from './views/pull.ts'
import { repositoryPage } from './views/repository.ts'
import { threadPage } from './views/thread.ts'
import { artifactAddress, findRun, workflowRunPage, workflowRunsPage } from './views/workflow-run.ts'
import type { Page } from './visit/layout.ts'
import { inRepository, type RepoVisit, type Visit } from './visit/visit.ts'

/** A page, or the path where it is. */
export type Shown = Page | string

export interface PageRow {
  readonly path: string
  readonly show: (visit: Visit, c: Context) => Shown | Promise<Shown>
}

type Params = (name: string) => string

function within(path: string, show: (visit: RepoVisit, param: Params) => Shown | Promise<Shown>): PageRow {
  return {
    path: `/:owner/:repo${path}`,
    show(visit, c) {
      const param = (name: string) => c.req.param(name) ?? ''
      return show(inRepository(visit, param('owner'), param('repo')), param)
    },
  }
}

function pullAt(visit: RepoVisit, number: string): Pull {
  const pull = pullByNumber(visit.world.state, visit.repo.id, Number(number))
  if (!pull) throw notFound()
  return pull
}

/** The thread, unless the number is of the other kind or has moved to another repository. */
function thread(visit: RepoVisit, number: string): Shown {
  const { world, caller, repo, url } = visit
  const asApi = new URL(`/repos${url.pathname}`, url.origin)
  const issue = findIssue({ world, caller, repo, url: asApi, asOf: NOT_STALE }, number, 'read')
  return issue.pull ? `${visit.base}/pull/${issue.number}` : threadPage(visit, issue)
}

export const PAGES: readonly PageRow[] = [
  { path: '/', show: homePage },
  within('', (visit) => repositoryPage(visit)),
  within('/tree/:ref/:path{.+}', (visit, param) => repositoryPage(visit, param('path'), param('ref'))),
  within('/blob/:ref/:path{.+}', (visit, param) => repositoryPage(visit, param('path'), param('ref'))),
  within('/issues', (visit) => issueListPage(visit, 'issues')),
  within('/pulls', (visit) => issueListPage(visit, 'pulls')),
  within('/issues/new', newIssuePage),
  within('/issues/:number{[0-9]+}', (visit, param) => thread(visit, param('number'))),
  within('/pull/:number{[0-9]+}', (visit, param) => pullPage(visit, pullAt(visit, param('number')))),
  within('/pull/:number{[0-9]+}/checks', (visit, param) => pullChecksPage(visit, pullAt(visit, param('number')))),
  within('/pull/:number{[0-9]+}/files', (visit, param) => pullFilesPage(visit, pullAt(visit, param('number')))),
  within('/runs/:id{[0-9]+}', (visit, param) =>
    checkRunPage(visit, findCheckRun({ world: visit.world, repo: visit.repo }, param('id'))),
  ),
  within('/actions', workflowRunsPage),
  within('/actions/runs/:id{[0-9]+}', (visit, param) => workflowRunPage(visit, findRun(visit, param('id')))),
  within(
    '/actions/runs/:id{[0-9]+}/job/:job{[0-9]+}',
    (visit, param) => `${visit.base}/actions/runs/${param('id')}#job-${param('job')}`,
  ),
  within('/actions/runs/:id{[0-9]+}/artifacts/:artifact{[0-9]+}', (visit, param) =>
    artifactAddress(visit, findRun(visit, param('id')), param('artifact')),
  ),
  within('/commit/:sha', (visit, param) => commitPage(visit, param('sha'))),
  { path: '/:owner', show: (visit, c) => accountPage(visit, c.req.param('owner') ?? '') },
  {
    path: '*',
    show() {
      throw notFound()
    },
  },
]
