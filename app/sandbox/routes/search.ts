/**
 * Searching issues and pull requests. The index lags behind what lists show, a caller finds only what it may see, and only
 * the first thousand hits can be paged through.
 */
import { covers, grants, maySee } from '../auth/access.ts'
import type { Caller } from '../auth/caller.ts'
import { unprocessable, validationFailed } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute } from '../http/route.ts'
import { unsupported } from '../http/unsupported.ts'
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { renderIssue, repositoryOfIssue } from '../render/issue.ts'
import { matchesIssue, unknownTerm } from '../search/match-issue.ts'
import { parseQuery, type Term } from '../search/parse-query.ts'
import type { World } from '../world.ts'
import { findRepository } from './repositories.ts'

const MAX_HITS = 1000
const MAX_QUERY = 256

export const searchRoutes = [
  defineRoute('search/issues-and-pull-requests', {
    method: 'GET',
    path: '/search/issues',
    who: ANYONE,
    permission: null,
    takes: ['q', 'sort', 'order', 'advanced_search'],
    handle(c) {
      const terms = readTerms(c.world, c.caller, c.query.get('q') ?? '')
      const seen = c.world.clock.now() - Math.floor(c.world.random.next('search lag') * c.world.switches.searchLagMs)
      const rows = c.world.state.issues
        .where((one) => matchesIssue(c.world, terms, one), seen)
        .filter((one) => finds(c.world, c.caller, one))
      const reachable = sorted(rows, c.query).slice(0, MAX_HITS)
      const page = paginate(reachable, c.url)
      if (page.rows.length === 0 && Number(c.query.get('page') ?? 1) > 1 && rows.length > MAX_HITS)
        throw unprocessable('Only the first 1000 search results are available')
      const items = page.rows.map((one) => renderHit(c.world, one))
      return {
        status: 200,
        headers: page.headers,
        body: { total_count: rows.length, incomplete_results: false, search_type: 'lexical' as const, items },
      }
    },
  }),
]

/** Every hit scores the same: the sandbox ranks nothing. */
function renderHit(world: World, issue: Issue) {
  const hit = { ...renderIssue(world, repositoryOfIssue(world, issue), issue), score: 1 }
  return hit as typeof hit & { readonly body: string }
}

function readTerms(world: World, caller: Caller, query: string): readonly Term[] {
  if (query.trim() === '') throw validationFailed({ resource: 'Search', field: 'q', code: 'missing' })
  const terms = parseQuery(query)
  const words = terms.filter((one) => one.qualifier === null).flatMap((one) => one.values)
  if (words.join(' ').length > MAX_QUERY)
    throw validationFailed({
      resource: 'Search',
      field: 'q',
      code: 'invalid',
      message: 'The search is longer than 256 characters.',
    })
  const unknown = unknownTerm(terms)
  if (unknown !== undefined) throw unsupported(world, `GET /search/issues with "${unknown}"`)
  const kinds = terms.filter((one) => one.qualifier === 'is' || one.qualifier === 'type').flatMap((one) => one.values)
  if (caller.kind !== 'anonymous' && !kinds.some((one) => ['issue', 'pr', 'pull-request'].includes(one)))
    throw unprocessable("Query must include 'is:issue' or 'is:pull-request'")
  const places = terms.filter((one) => one.qualifier === 'repo' && !one.negated).flatMap((one) => one.values)
  if (places.length > 0 && places.every((place) => !visiblePlace(world, caller, place)))
    throw validationFailed({
      resource: 'Search',
      field: 'q',
      code: 'invalid',
      message:
        'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.',
    })
  return terms
}

function visiblePlace(world: World, caller: Caller, place: string): Repository | undefined {
  const [owner = '', name = ''] = place.split('/')
  return findRepository(world, caller, owner, name)
}

/** An App finds private issues only where it may read them. */
function finds(world: World, caller: Caller, issue: Issue): boolean {
  const repository = repositoryOfIssue(world, issue)
  if (!maySee(world, caller, repository)) return false
  if (!('permissions' in caller) || !repository.private) return true
  const reaches = caller.kind !== 'installation' || covers(world, caller, repository)
  return reaches && grants(caller.permissions, issue.pull ? { pull_requests: 'read' } : { issues: 'read' })
}

/** Without `sort`, the oldest first. */
function sorted(issues: readonly Issue[], query: URLSearchParams): readonly Issue[] {
  const sort = query.get('sort')
  const sign = query.get('order') === 'asc' ? 1 : -1
  if (sort === null) return issues
  const key = (one: Issue) => (sort === 'updated' ? one.updatedAt : one.createdAt)
  return issues.toSorted((a, b) => sign * (key(a) - key(b) || a.id - b.id))
}
