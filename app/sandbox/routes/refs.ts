/** git references and branches over REST. */
import { isAncestor } from '../git/git-history.ts'
import { readObjects } from '../git/git-objects.ts'
import { type GitRef, isRefName, isSha, listRefs, readRef, ZERO_SHA } from '../git/git-refs.ts'
import type { Context } from '../http/context.ts'
import { notFound, unprocessable } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { nodeId } from '../model/ids.ts'
import { renderCommit } from '../render/commit.ts'
import { encodePath } from '../render/encode-path.ts'
import { repositoryHtml, repositoryUrl } from '../render/repository.ts'
import { commitAt, gitIn, movePublicly } from './git-place.ts'

async function renderRef(c: Pick<Context, 'world' | 'repo'>, { ref, sha }: GitRef) {
  const url = repositoryUrl(c.world, c.repo)
  const [object] = await readObjects(gitIn(c), [sha])
  const type = object?.type ?? 'commit'
  return {
    ref,
    node_id: nodeId('Ref', `${c.repo.id}.${ref}`),
    url: `${url}/git/${encodePath(ref)}`,
    object: { type, sha, url: `${url}/git/${type}s/${sha}` },
  }
}

/** GitHub hides its own bookkeeping refs from updates: only branches, tags and refs of one's own. */
function demandOwn(ref: string): void {
  if (ref.startsWith('refs/pull/') || ref.startsWith('refs/sandbox/'))
    throw unprocessable('Reference cannot be updated')
}

export const refRoutes = [
  defineRoute('git/get-ref', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/ref/{ref}',
    who: ANYONE,
    permission: { contents: 'read' },
    async handle(c) {
      const ref = `refs/${c.params.ref}`
      const sha = await readRef(gitIn(c), ref)
      if (sha === undefined) throw notFound()
      return { status: 200, body: await renderRef(c, { ref, sha }) }
    },
  }),
  defineRoute('git/list-matching-refs', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/matching-refs/{ref}',
    who: ANYONE,
    permission: { contents: 'read' },
    async handle(c) {
      const prefix = `refs/${c.params.ref}`
      const refs = (await listRefs(gitIn(c))).filter(
        (one) => one.ref.startsWith(prefix) && !one.ref.startsWith('refs/sandbox/'),
      )
      const body = []
      for (const one of refs) body.push(await renderRef(c, one))
      return { status: 200, body }
    },
  }),
  defineRoute('git/create-ref', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/refs',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const { ref, sha } = c.body
      const git = gitIn(c)
      if (!ref.startsWith('refs/') || ref.split('/').length < 3 || !(await isRefName(git, ref)))
        throw unprocessable('Reference name must start with refs/ and be valid')
      demandOwn(ref)
      const [object] = isSha(sha) ? await readObjects(git, [sha]) : []
      if (!object) throw unprocessable('Object does not exist')
      if ((await readRef(git, ref)) !== undefined) throw unprocessable('Reference already exists')
      await movePublicly(c, { ref, before: ZERO_SHA, after: sha })
      const body = await renderRef(c, { ref, sha })
      return { status: 201, body, headers: { location: body.url } }
    },
  }),
  defineRoute('git/update-ref', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const ref = `refs/${c.params.ref}`
      const { sha, force } = c.body
      const git = gitIn(c)
      demandOwn(ref)
      const before = await readRef(git, ref)
      if (before === undefined) throw unprocessable('Reference does not exist')
      const [object] = isSha(sha) ? await readObjects(git, [sha]) : []
      if (!object) throw unprocessable('Object does not exist')
      if (force !== true && !(await isAncestor(git, before, sha))) throw unprocessable('Update is not a fast forward')
      if (before !== sha) await movePublicly(c, { ref, before, after: sha })
      return { status: 200, body: await renderRef(c, { ref, sha }) }
    },
  }),
  defineRoute('git/delete-ref', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const ref = `refs/${c.params.ref}`
      demandOwn(ref)
      const before = await readRef(gitIn(c), ref)
      if (before === undefined) throw unprocessable('Reference does not exist')
      if (ref === `refs/heads/${c.repo.defaultBranch}`) throw unprocessable('Cannot delete the default branch')
      await movePublicly(c, { ref, before, after: ZERO_SHA })
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('repos/list-branches', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches',
    who: ANYONE,
    permission: { contents: 'read' },
    takes: [],
    async handle(c) {
      const page = paginate(await listRefs(gitIn(c), 'refs/heads'), c.url)
      const url = repositoryUrl(c.world, c.repo)
      const body = page.rows.map(({ ref, sha }) => ({
        name: ref.slice('refs/heads/'.length),
        commit: { sha, url: `${url}/commits/${sha}` },
        protected: false,
      }))
      return { status: 200, headers: page.headers, body }
    },
  }),
  defineRoute('repos/get-branch', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    who: ANYONE,
    permission: { contents: 'read' },
    async handle(c) {
      const { branch } = c.params
      const sha = await readRef(gitIn(c), `refs/heads/${branch}`)
      if (sha === undefined) throw notFound()
      const self = `${repositoryUrl(c.world, c.repo)}/branches/${encodePath(branch)}`
      return {
        status: 200,
        body: {
          name: branch,
          commit: renderCommit(c.world, c.repo, await commitAt(c, sha)),
          _links: { self, html: `${repositoryHtml(c.world, c.repo)}/tree/${encodePath(branch)}` },
          protected: false,
          protection: {
            enabled: false,
            required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
          },
          protection_url: `${self}/protection`,
        },
      }
    },
  }),
]
