/** GraphQL's writes to git: `createCommitOnBranch` and `updateRefs`, each a compare-and-swap. */
import { demandAccess } from '../auth/access.ts'
import { notePush } from '../changes/push.ts'
import { isAncestor } from '../git/git-history.ts'
import type { GitPerson } from '../git/git-objects.ts'
import { isRefName, moveRefs, readRef, type RefMove, ZERO_SHA } from '../git/git-refs.ts'
import { demandWorkflowRight } from '../git/workflow-guard.ts'
import { gitOf } from '../git/world-git.ts'
import { writeFiles } from '../git/write-files.ts'
import { doerAccount } from '../changes/doer.ts'
import { gitHubPerson } from '../changes/refresh-pull.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds } from '../model/time.ts'
import { noreplyAddress } from '../render/commit.ts'
import { findRepository } from '../routes/repositories.ts'
import { isCleanPath } from '../routes/git-place.ts'
import { graphqlFault } from './graphql-fault.ts'
import { mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { slowMutation } from './slow-mutation.ts'
import { repositoryOfId } from './subject.ts'

const sdl = [
  `
  scalar GitRefname
  scalar Base64String
  input CommittableBranch { branchName: String id: ID repositoryNameWithOwner: String }
  input CommitMessage { body: String headline: String! }
  input FileAddition { contents: Base64String! path: String! }
  input FileDeletion { path: String! }
  input FileChanges { additions: [FileAddition!] = [] deletions: [FileDeletion!] = [] }
  input RefUpdate { afterOid: GitObjectID! beforeOid: GitObjectID force: Boolean = false name: GitRefname! }`,
  mutationSdl(
    'createCommitOnBranch',
    'branch: CommittableBranch! expectedHeadOid: GitObjectID! fileChanges: FileChanges message: CommitMessage!',
    'commit: Commit ref: Ref',
  ),
  mutationSdl('updateRefs', 'refUpdates: [RefUpdate!]! repositoryId: ID!', ''),
].join('\n')

interface FileChangesInput {
  readonly additions?: ReadonlyArray<{ readonly path: string; readonly contents: string }> | null
  readonly deletions?: ReadonlyArray<{ readonly path: string }> | null
}

const unprocessable = (message: string) => graphqlFault('UNPROCESSABLE', message)

function demandWrite(c: GraphqlContext, repository: Repository): void {
  demandAccess(c.world, c.caller, repository, { permission: { contents: 'write' }, role: 'write', write: true })
}

function filesOf(changes: FileChangesInput): Record<string, Uint8Array | null> {
  const files = [
    ...(changes.deletions ?? []).map(({ path }) => [path, null] as const),
    ...(changes.additions ?? []).map(({ path, contents }) => [path, Buffer.from(contents, 'base64')] as const),
  ]
  const bad = files.find(([path]) => !isCleanPath(path))
  if (bad) throw unprocessable(`A path was requested which is invalid: ${bad[0]}`)
  return Object.fromEntries(files)
}

interface CommittableBranch {
  readonly repositoryNameWithOwner?: string | null
  readonly branchName?: string | null
}

/** The repository and branch that a CommittableBranch names. */
function branchOf(c: GraphqlContext, branch: CommittableBranch) {
  const [owner = '', name = ''] = (branch.repositoryNameWithOwner ?? '').split('/')
  const repository = findRepository(c.world, c.caller, owner, name)
  if (!repository)
    throw graphqlFault('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
  return { repository, ref: `refs/heads/${(branch.branchName ?? '').replace(/^refs\/heads\//, '')}` }
}

async function commitOnBranch(input: Readonly<Record<string, unknown>>, c: GraphqlContext) {
  const { repository, ref } = branchOf(c, input['branch'] as CommittableBranch)
  demandWrite(c, repository)
  const git = gitOf(c.world.state, repository)
  const expected = String(input['expectedHeadOid'])
  const before = await readRef(git, ref)
  if (before === undefined) throw graphqlFault('NOT_FOUND', `The branch ${ref} does not exist.`)
  const stale = unprocessable(`Expected branch to point to "${expected}" but it did not. Pull and try again.`)
  if (before !== expected) throw stale
  const { headline, body } = input['message'] as { readonly headline: string; readonly body?: string | null }
  const account = doerAccount(c)
  const author: GitPerson = {
    name: account.name ?? account.login,
    email: noreplyAddress(account),
    date: isoSeconds(c.world.clock.now()),
  }
  const sha = await writeFiles(git, {
    parent: before,
    files: filesOf(input['fileChanges'] ?? {}),
    message: body ? `${headline}\n\n${body}` : headline,
    author,
    committer: gitHubPerson(c.world),
  })
  await demandWorkflowRight(c.caller, git, sha)
  const move = { ref, before, after: sha }
  if ((await moveRefs(git, [move])).length > 0) throw stale
  await notePush(c, repository, move)
  return { commit: { __typename: 'Commit', sha }, ref: { repository, name: ref, sha } }
}

interface RefUpdateInput {
  readonly name: string
  readonly afterOid: string
  readonly beforeOid?: string | null
  readonly force?: boolean
}

/** What one RefUpdate asks for: `beforeOid` all zeros means that the ref must not exist; absent, that it may stand anywhere. */
async function moveOf(c: GraphqlContext, repository: Repository, update: RefUpdateInput): Promise<RefMove> {
  const git = gitOf(c.world.state, repository)
  const { name: ref, afterOid: after, beforeOid, force = false } = update
  if (!(await isRefName(git, ref)) || !/^refs\/(?!pull\/|sandbox\/)/.test(ref))
    throw unprocessable(`The ref name ${ref} is not valid.`)
  const now = (await readRef(git, ref)) ?? ZERO_SHA
  const before = beforeOid ?? now
  if (before === ZERO_SHA || after === ZERO_SHA || force || before !== now) return { ref, before, after }
  if (!(await isAncestor(git, before, after))) throw unprocessable(`The update of ${ref} is not a fast-forward.`)
  return { ref, before, after }
}

async function updateRefs(input: Readonly<Record<string, unknown>>, c: GraphqlContext) {
  const repository = repositoryOfId(c, String(input['repositoryId']))
  demandWrite(c, repository)
  const moves: RefMove[] = []
  for (const update of input['refUpdates'] as readonly RefUpdateInput[]) moves.push(await moveOf(c, repository, update))
  const git = gitOf(c.world.state, repository)
  for (const { after } of moves) if (after !== ZERO_SHA) await demandWorkflowRight(c.caller, git, after)
  const stale = await moveRefs(git, moves)
  if (stale.length > 0)
    throw unprocessable(`The refs could not be updated: ${stale.join(', ')} is not where it was expected.`)
  for (const move of moves) if (move.before !== move.after) await notePush(c, repository, move)
  return {}
}

export const refMutations: GraphqlPart = {
  sdl,
  resolvers: { Mutation: { createCommitOnBranch: slowMutation(commitOnBranch), updateRefs: slowMutation(updateRefs) } },
}
