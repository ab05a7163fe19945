/** What a pull request consists of (commits, files), merging it, and bringing its branch up to date. */
import { mergePull } from '../changes/merge-pull.ts'
import { updateBranch } from '../changes/update-branch.ts'
import { compareCommits } from '../git/git-history.ts'
import type { Context } from '../http/context.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import type { Pull } from '../model/pull.ts'
import { renderCommit, renderFile } from '../render/commit.ts'
import { repositoryUrl } from '../render/repository.ts'
import { findPull } from './find-pull.ts'
import { gitIn } from './git-place.ts'

/** GitHub lists at most 250 commits and 3,000 files of a pull request. */
const MAX_COMMITS = 250
const MAX_FILES = 3000

const comparison = (c: Pick<Context, 'world' | 'repo'>, pull: Pull) =>
  compareCommits(gitIn(c), pull.baseSha, pull.headSha)

export const pullDetailRoutes = [
  defineRoute('pulls/list-commits', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/commits',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    async handle(c) {
      const { commits } = await comparison(c, findPull(c, c.params.pull_number))
      const page = paginate(commits.slice(0, MAX_COMMITS), c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderCommit(c.world, c.repo, one)) }
    },
  }),
  defineRoute('pulls/list-files', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/files',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    async handle(c) {
      const pull = findPull(c, c.params.pull_number)
      const { files } = await comparison(c, pull)
      const page = paginate(files.slice(0, MAX_FILES), c.url)
      const body = page.rows.map((one) => renderFile(c.world, c.repo, pull.headSha, one))
      return { status: 200, headers: page.headers, body }
    },
  }),
  defineRoute('pulls/check-if-merged', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    handle(c) {
      if (!findPull(c, c.params.pull_number).merged) throw notFound()
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('pulls/merge', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    takes: ['commit_title', 'commit_message', 'sha', 'merge_method'],
    async handle(c) {
      const input = c.body ?? {}
      const sha = await mergePull(c, findPull(c, c.params.pull_number), {
        method: input.merge_method ?? 'merge',
        title: input.commit_title,
        message: input.commit_message,
        sha: input.sha,
      })
      return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } }
    },
  }),
  defineRoute('pulls/update-branch', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/update-branch',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const pull = findPull(c, c.params.pull_number)
      await updateBranch(c, pull, c.body?.expected_head_sha)
      const url = `${repositoryUrl(c.world, c.repo)}/pulls/${pull.number}`
      return { status: 202, body: { message: 'Updating pull request branch.', url } }
    },
  }),
]
