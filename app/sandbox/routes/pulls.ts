/** Pull requests: open, read, list, change. Merging, files and reviews stand beside. */
import { createPull, splitHead } from '../changes/create-pull.ts'
import { updatePull } from '../changes/update-pull.ts'
import { unprocessable } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { type Pull, pullsOf } from '../model/pull.ts'
import { issueOfPull, renderPull, renderPullSimple } from '../render/pull.ts'
import type { World } from '../world.ts'
import { textAnswer, textKind } from './commits.ts'
import { findPull } from './find-pull.ts'

/** The list's filters. `head` is `owner:branch`; without an owner GitHub ignores it. */
function matcher(world: World, query: URLSearchParams): (pull: Pull) => boolean {
  const state = query.get('state') ?? 'open'
  const { owner, branch } = splitHead(query.get('head') ?? '')
  const base = query.get('base')
  return (pull) =>
    (state === 'all' || issueOfPull(world, pull).state === state) &&
    (owner === null || (world.state.accounts.get(pull.headOwnerId)?.login === owner && pull.headRef === branch)) &&
    (base === null || pull.baseRef === base)
}

function sorted(world: World, pulls: readonly Pull[], query: URLSearchParams): readonly Pull[] {
  const sort = query.get('sort') ?? 'created'
  const key = (pull: Pull) => (sort === 'updated' ? issueOfPull(world, pull).updatedAt : pull.number)
  const down = (query.get('direction') ?? (query.has('sort') && sort !== 'created' ? 'asc' : 'desc')) === 'desc'
  return pulls.toSorted((a, b) => (down ? key(b) - key(a) : key(a) - key(b)))
}

export const pullRoutes = [
  defineRoute('pulls/list', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    takes: ['state', 'head', 'base', 'sort', 'direction'],
    handle(c) {
      const rows = pullsOf(c.world.state)
        .where((one) => one.repositoryId === c.repo.id, c.asOf)
        .filter(matcher(c.world, c.query))
      const page = paginate(sorted(c.world, rows, c.query), c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderPullSimple(c.world, one)) }
    },
  }),
  defineRoute('pulls/create', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls',
    who: SIGNED_IN,
    permission: { pull_requests: 'write' },
    takes: ['title', 'body', 'head', 'base', 'draft', 'maintainer_can_modify'],
    createsContent: true,
    async handle(c) {
      const { title, body, head, base, draft = false, maintainer_can_modify: canModify = true } = c.body
      if (title === undefined) throw unprocessable('Invalid request.\n\n"title" wasn\'t supplied.')
      const pull = await createPull(c, c.repo, {
        title,
        body: body ?? null,
        head,
        base,
        draft,
        maintainerCanModify: canModify,
      })
      const rendered = renderPull(c.world, pull)
      return { status: 201, body: rendered, headers: { location: rendered.url } }
    },
  }),
  defineRoute('pulls/get', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    otherForms: true,
    handle(c) {
      const pull = findPull(c, c.params.pull_number)
      const kind = textKind(c.headers)
      if (kind) return textAnswer(c, kind, pull.baseSha, pull.headSha)
      const body = renderPull(c.world, pull)
      if (!pull.mergeableAsked) pullsOf(c.world.state).update(pull.id, { mergeableAsked: true })
      return { status: 200, body }
    },
  }),
  defineRoute('pulls/update', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    who: SIGNED_IN,
    permission: { pull_requests: 'write' },
    takes: ['title', 'body', 'state', 'base', 'maintainer_can_modify'],
    async handle(c) {
      const { title, body, state, base, maintainer_can_modify: canModify } = c.body
      const pull = await updatePull(c, findPull(c, c.params.pull_number), {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { body }),
        ...(state !== undefined && { state }),
        ...(base !== undefined && { base }),
        ...(canModify !== undefined && { maintainerCanModify: canModify }),
      })
      return { status: 200, body: renderPull(c.world, pull) }
    },
  }),
]
