/** Commits, comparisons, and which pull requests a commit belongs to. */
import { changedFiles, compareCommits, diffText, isAncestor, listCommits, patchText } from '../git/git-history.ts'
import { borrowCommit } from '../git/git-merge.ts'
import { readCommit } from '../git/git-objects.ts'
import { resolveCommit } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { headRepository, splitHead } from '../changes/create-pull.ts'
import type { Context } from '../http/context.ts'
import type { Schema } from '../http/description-types.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute } from '../http/route.ts'
import { pullsOf } from '../model/pull.ts'
import { renderCommit, renderFile, renderFullCommit } from '../render/commit.ts'
import { renderPullSimple } from '../render/pull.ts'
import { repositoryHtml, repositoryUrl } from '../render/repository.ts'
import { commitAt, gitIn } from './git-place.ts'

/** Diff or patch text, when the caller's media type asks for it. */
export function textKind(headers: Headers): 'diff' | 'patch' | null {
  const found = /application\/vnd\.github(?:\.v3)?\.(diff|patch)/.exec(headers.get('accept') ?? '')
  return found ? (found[1] as 'diff' | 'patch') : null
}

export async function textAnswer(c: Pick<Context, 'world' | 'repo'>, kind: 'diff' | 'patch', from: string, to: string) {
  const text = kind === 'diff' ? await diffText(gitIn(c), from, to) : await patchText(gitIn(c), from, to)
  return new Response(text, { headers: { 'content-type': `application/vnd.github.v3.${kind}; charset=utf-8` } })
}

/** Either end of `base...head`, which may be `owner:branch` of a fork; its commits are borrowed for the comparison. */
async function endOf(c: Pick<Context, 'world' | 'repo'>, text: string): Promise<string> {
  const { owner, branch } = splitHead(text)
  const source = headRepository(c.world, c.repo, owner)
  if (!source) throw notFound()
  if (source.id === c.repo.id) return (await commitAt(c, branch)).sha
  const sha = await resolveCommit(gitOf(c.world.state, source), branch)
  if (sha === undefined) throw notFound()
  await borrowCommit(gitIn(c), gitOf(c.world.state, source), sha, `refs/sandbox/compare-${source.id}`)
  return sha
}

export const commitRoutes = [
  defineRoute('repos/list-commits', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits',
    who: ANYONE,
    permission: { contents: 'read' },
    takes: ['sha', 'path', 'author', 'since', 'until'],
    async handle(c) {
      const from = await commitAt(c, c.query.get('sha') ?? c.repo.defaultBranch)
      const given = (name: 'path' | 'author' | 'since' | 'until') => {
        const value = c.query.get(name)
        return value === null ? {} : { [name]: value }
      }
      const options = { ...given('path'), ...given('author'), ...given('since'), ...given('until') }
      const page = paginate(await listCommits(gitIn(c), from.sha, options), c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderCommit(c.world, c.repo, one)) }
    },
  }),
  defineRoute('repos/get-commit', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}',
    who: ANYONE,
    permission: { contents: 'read' },
    otherForms: true,
    async handle(c) {
      const commit = await commitAt(c, c.params.ref)
      const [parent] = commit.parents
      const kind = textKind(c.headers)
      if (kind && parent !== undefined) return textAnswer(c, kind, parent, commit.sha)
      const files = await changedFiles(gitIn(c), parent, commit.sha)
      return { status: 200, body: renderFullCommit(c.world, c.repo, commit, files) }
    },
  }),
  defineRoute('repos/compare-commits-with-basehead', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/compare/{basehead}',
    who: ANYONE,
    permission: { contents: 'read' },
    otherForms: true,
    async handle(c) {
      const [left = '', right = ''] = c.params.basehead.split('...')
      if (left === '' || right === '') throw notFound()
      const git = gitIn(c)
      const [base, head] = [await endOf(c, left), await endOf(c, right)]
      const comparison = await compareCommits(git, base, head)
      const common = comparison.mergeBase === undefined ? undefined : await readCommit(git, comparison.mergeBase)
      if (!common) throw notFound()
      const kind = textKind(c.headers)
      if (kind) return textAnswer(c, kind, common.sha, head)
      const { aheadBy, behindBy } = comparison
      const status: Schema<'commit-comparison'>['status'] =
        aheadBy > 0 ? (behindBy > 0 ? 'diverged' : 'ahead') : behindBy > 0 ? 'behind' : 'identical'
      const page = paginate(comparison.commits, c.url)
      const html = `${repositoryHtml(c.world, c.repo)}/compare/${c.params.basehead}`
      return {
        status: 200,
        headers: page.headers,
        body: {
          url: `${repositoryUrl(c.world, c.repo)}/compare/${c.params.basehead}`,
          html_url: html,
          permalink_url: html,
          diff_url: `${html}.diff`,
          patch_url: `${html}.patch`,
          base_commit: renderCommit(c.world, c.repo, await commitAt(c, base)),
          merge_base_commit: renderCommit(c.world, c.repo, common),
          status,
          ahead_by: aheadBy,
          behind_by: behindBy,
          total_commits: aheadBy,
          commits: page.rows.map((one) => renderCommit(c.world, c.repo, one)),
          files: comparison.files.map((one) => renderFile(c.world, c.repo, head, one)),
        },
      }
    },
  }),
  defineRoute('repos/list-pull-requests-associated-with-commit', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    async handle(c) {
      const { sha } = await commitAt(c, c.params.commit_sha)
      const git = gitIn(c)
      const found = []
      for (const pull of pullsOf(c.world.state).where((one) => one.repositoryId === c.repo.id, c.asOf)) {
        const own = (await isAncestor(git, sha, pull.headSha)) && !(await isAncestor(git, sha, pull.baseSha))
        if (own || (pull.merged && pull.mergeCommitSha === sha)) found.push(pull)
      }
      const page = paginate(found, c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderPullSimple(c.world, one)) }
    },
  }),
]
