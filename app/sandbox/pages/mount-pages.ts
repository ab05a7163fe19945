/**
 * Shows pages at the API's own address: what asks for a page, or for anything (`Accept` of browsers and of curl), on paths
 * the API does not have is taken; all else goes on to the API. For the person at this machine alone.
 */
import type { Context, Hono, Next } from 'hono'
import { actorClass } from '../auth/caller.ts'
import { GitHubError } from '../http/errors.ts'
import type { World } from '../world.ts'
import { DEEDS } from './deeds/deeds.ts'
import { receiveForm } from './deeds/receive-form.ts'
import { mountAssets } from './mount-assets.ts'
import { mountLogin } from './mount-login.ts'
import { type PageRow, PAGES, type Shown } from './page-table.ts'
import { isFromThisMachine } from './visit/from-this-machine.ts'
import { problemOf, problemPage } from './visit/problem.ts'
import { sendPage } from './visit/send-page.ts'
import { readVisit, type Visit } from './visit/visit.ts'

/** First segments of GitHub's API paths (and of the sandbox's own): no account has such a name. */
const API_ROOTS = new Set(
  (
    '_oidc _pages _results _sandbox advisories app app-manifests applications apps emojis events feeds gists gitignore graphql ' +
    'installation issues licenses markdown meta networks notifications octocat organizations orgs projects rate_limit ' +
    'repos repositories search teams twirp user users versions zen'
  ).split(' '),
)

export function mountPages(http: Hono, world: World): void {
  mountAssets(http)
  mountLogin(http, world)
  for (const deed of DEEDS)
    http.post(`/:owner/:repo${deed.path}`, (c, next) =>
      isOfApi(c) ? next() : isFromThisMachine(c) ? receiveForm(http, world, deed, c) : elsewhere(c),
    )
  for (const row of PAGES) http.get(row.path, (c, next) => showPage(world, row, c, next))
}

function isOfApi(c: Context): boolean {
  return API_ROOTS.has(c.req.path.split('/')[1] ?? '')
}

function takesPages(accept = '*/*'): boolean {
  return accept.includes('text/html') || accept.trim() === '*/*'
}

function elsewhere(c: Context): Response {
  return c.text('These pages answer to this machine only.', 403)
}

async function showPage(world: World, row: PageRow, c: Context, next: Next): Promise<Response | void> {
  if (isOfApi(c) || !takesPages(c.req.header('accept'))) return next()
  if (!isFromThisMachine(c)) return elsewhere(c)
  const visit = readVisit(world, c)
  const shown = await draw(row, visit, c)
  const response = typeof shown === 'string' ? c.redirect(shown, 302) : await sendPage(c, visit, shown)
  // A page that looks for news by itself is no request of a person.
  if (c.req.header('x-refresh') === undefined) note(world, visit, row, response.status)
  return response
}

async function draw(row: PageRow, visit: Visit, c: Context): Promise<Shown> {
  try {
    return await row.show(visit, c)
  } catch (error) {
    const moved = error instanceof GitHubError && error.status === 301 ? error.headers['location'] : undefined
    if (moved !== undefined) return new URL(moved).pathname.replace(/^\/repos/, '')
    if (!(error instanceof GitHubError)) console.error('sandbox fault:', error)
    return problemPage(problemOf(error))
  }
}

/** Counted beside the API's requests, and free: GitHub's limits do not count pages. */
function note(world: World, visit: Visit, row: PageRow, status: number): void {
  world.log.record({
    at: world.clock.now(),
    actor: actorClass(world.state, visit.caller),
    login: visit.viewer?.login ?? null,
    method: 'GET',
    route: `GET ${row.path} (page)`,
    path: visit.url.pathname,
    status,
    points: 0,
  })
}
