/** Issues and their labels as GraphQL shows them. Mutations are in issue-mutations.ts and label-mutations.ts. */
import { maySee } from '../auth/access.ts'
import { doerIs } from '../changes/doer.ts'
import { nodeId } from '../model/ids.ts'
import type { Issue } from '../model/issue.ts'
import { issuePlace } from '../model/state.ts'
import type { Label, Milestone, Repository } from '../model/repository.ts'
import { authorAssociation } from '../render/association.ts'
import { issueHtml } from '../render/issue-address.ts'
import { issueNodeId, labelsOf, repositoryOfIssue } from '../render/issue.ts'
import { repositoryHtml } from '../render/repository.ts'
import { actorById } from './base-part.ts'
import { connection } from './connection.ts'
import { editFields } from './edit-part.ts'
import { graphqlFault } from './graphql-fault.ts'
import { ISSUE_SDL } from './issue-sdl.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { reactionFields } from './reaction-part.ts'
import { issueSource, viewerIs, visible } from './issue-source.ts'

export const issuePart: GraphqlPart = {
  sdl: ISSUE_SDL,
  resolvers: {
    Repository: {
      issue: (one: Repository, args, c) => issueByNumber(c, one, Number(args['number'])),
      issues: (one: Repository, args, c) => connection('issues', listIssues(c, one, args), args),
      label: (one: Repository, args, c) => tagLabel(labelNamed(c, one, String(args['name']))),
      labels: (one: Repository, args, c) =>
        connection(
          'labels',
          c.world.state.labels.where((label) => label.repositoryId === one.id, c.asOf),
          args,
        ),
      pinnedIssues: (one: Repository, args, c) =>
        connection(
          'pinnedIssues',
          c.world.state.issues.where((issue) => issue.repositoryId === one.id && issue.pinned, c.asOf),
          args,
        ),
    },
    PinnedIssue: { issue: (one: Issue) => issueSource(one) },
    Issue: { ...sharedIssueFields(), ...onlyIssueFields() },
    Label: {
      id: (one: Label) => nodeId('Label', one.id),
      isDefault: () => false,
      repository: (one: Label, _args, c) => c.world.state.repositories.get(one.repositoryId),
      url: (one: Label, _args, c) => {
        const repository = c.world.state.repositories.get(one.repositoryId)
        return repository && `${repositoryHtml(c.world, repository)}/labels/${encodeURIComponent(one.name)}`
      },
    },
    Milestone: {
      id: (one: Milestone) => nodeId('Milestone', one.id),
      state: (one: Milestone) => one.state.toUpperCase(),
    },
  },
  nodes: {
    Issue: (key, c) => {
      const issue = c.world.state.issues.get(Number(key))
      return issue && visible(c, issue) ? issueSource(issue) : null
    },
    Label: (key, c) => {
      const label = c.world.state.labels.get(Number(key))
      const repository = label && c.world.state.repositories.get(label.repositoryId)
      return repository && maySee(c.world, c.caller, repository) ? tagLabel(label) : null
    },
  },
}

/** Fields that issues and pull requests have in common; the pull requests' part spreads them too. */
export function sharedIssueFields() {
  return {
    id: (one: Issue) => issueNodeId(one),
    databaseId: (one: Issue) => one.pull?.id ?? one.id,
    fullDatabaseId: (one: Issue) => String(one.pull?.id ?? one.id),
    body: (one: Issue) => one.body ?? '',
    state: (one: Issue) => one.state.toUpperCase(),
    closed: (one: Issue) => one.state === 'closed',
    activeLockReason: (one: Issue) => enumName(one.lockReason),
    url: (one: Issue, _args: unknown, c: GraphqlContext) => issueHtml(c.world, repositoryOfIssue(c.world, one), one),
    resourcePath: (one: Issue, _args: unknown, c: GraphqlContext) =>
      new URL(issueHtml(c.world, repositoryOfIssue(c.world, one), one)).pathname,
    repository: (one: Issue, _args: unknown, c: GraphqlContext) => repositoryOfIssue(c.world, one),
    author: (one: Issue, _args: unknown, c: GraphqlContext) => actorById(c, one.authorId),
    authorAssociation: (one: Issue, _args: unknown, c: GraphqlContext) =>
      authorAssociation(c.world, repositoryOfIssue(c.world, one), one.authorId),
    viewerDidAuthor: (one: Issue, _args: unknown, c: GraphqlContext) => viewerIs(c, one.authorId),
    viewerCanUpdate: (one: Issue, _args: unknown, c: GraphqlContext) =>
      viewerIs(c, one.authorId) || doerIs(c, repositoryOfIssue(c.world, one), 'write'),
    milestone: (one: Issue, _args: unknown, c: GraphqlContext) =>
      one.milestoneId === null ? null : c.world.state.milestones.get(one.milestoneId),
    labels: (one: Issue, args: Readonly<Record<string, unknown>>, c: GraphqlContext) =>
      connection('labels', labelsOf(c.world, asOf(c, one)), args),
    assignees: (one: Issue, args: Readonly<Record<string, unknown>>, c: GraphqlContext) => {
      const accounts = one.assigneeIds
        .map((id) => c.world.state.accounts.get(id))
        .filter((found) => found !== undefined)
      return connection('assignees', accounts, args)
    },
    comments: (one: Issue, args: Readonly<Record<string, unknown>>, c: GraphqlContext) => {
      const rows = c.world.state.comments.where((comment) => comment.issueId === one.id, c.asOf)
      const { direction } = (args['orderBy'] ?? {}) as { direction?: string }
      if (!args['orderBy']) return connection('comments', rows, args)
      const sorted = rows.toSorted((a, b) => a.updatedAt - b.updatedAt || a.id - b.id)
      return connection('comments', direction === 'DESC' ? sorted.toReversed() : sorted, args)
    },
    ...editFields(),
    ...reactionFields('issue'),
  }
}

function onlyIssueFields() {
  return {
    stateReason: (one: Issue, args: Readonly<Record<string, unknown>>) =>
      one.stateReason === 'duplicate' && args['enableDuplicate'] !== true ? 'NOT_PLANNED' : enumName(one.stateReason),
    isPinned: (one: Issue) => one.pinned,
    parent: (one: Issue, _args: unknown, c: GraphqlContext) => issueById(c, asOf(c, one).parentId),
    subIssues: (one: Issue, args: Readonly<Record<string, unknown>>, c: GraphqlContext) =>
      connection('subIssues', issuesByIds(c, asOf(c, one).subIssueIds), args),
    subIssuesSummary: (one: Issue, _args: unknown, c: GraphqlContext) => {
      const subs = issuesByIds(c, one.subIssueIds)
      const completed = subs.filter((sub) => sub.state === 'closed').length
      const percentCompleted = subs.length === 0 ? 0 : Math.floor((completed / subs.length) * 100)
      return { total: subs.length, completed, percentCompleted }
    },
    blockedBy: (one: Issue, args: Readonly<Record<string, unknown>>, c: GraphqlContext) =>
      connection('blockedBy', issuesByIds(c, asOf(c, one).blockedByIds), args),
    blocking: (one: Issue, args: Readonly<Record<string, unknown>>, c: GraphqlContext) =>
      connection('blocking', blockedBy(c, one), args),
    issueDependenciesSummary: (one: Issue, _args: unknown, c: GraphqlContext) => {
      const blockers = issuesByIds(c, one.blockedByIds)
      return {
        blockedBy: blockers.filter((other) => other.state === 'open').length,
        totalBlockedBy: blockers.length,
        blocking: one.state === 'open' ? blockedBy(c, one).length : 0,
        totalBlocking: blockedBy(c, one).length,
      }
    },
  }
}

function blockedBy(c: GraphqlContext, issue: Issue): Issue[] {
  return c.world.state.issues
    .where((other) => other.blockedByIds.includes(issue.id), c.asOf)
    .filter((one) => visible(c, one))
}

export function issueById(c: GraphqlContext, id: number | null): Issue | null {
  const issue = id === null ? undefined : c.world.state.issues.get(id)
  return issue && visible(c, issue) ? issue : null
}

function issuesByIds(c: GraphqlContext, ids: readonly number[]): Issue[] {
  return ids.map((id) => issueById(c, id)).filter((one) => one !== null)
}

function asOf(c: GraphqlContext, issue: Issue): Issue {
  return c.world.state.issues.where((one) => one.id === issue.id, c.asOf)[0] ?? issue
}

function issueByNumber(c: GraphqlContext, repository: Repository, number: number) {
  const { state } = c.world
  const here = state.issues.find((one) => one.repositoryId === repository.id && one.number === number && !one.pull)
  const found = here ?? issueById(c, state.moved.get(issuePlace(repository.id, number)) ?? null)
  if (!found) throw graphqlFault('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`)
  return issueSource(found)
}

function listIssues(c: GraphqlContext, repository: Repository, args: Readonly<Record<string, unknown>>): Issue[] {
  const states = args['states'] as readonly string[] | undefined
  const labels = args['labels'] as readonly string[] | undefined
  const filter = (args['filterBy'] ?? {}) as { since?: string; states?: readonly string[]; labels?: readonly string[] }
  const order = (args['orderBy'] ?? {}) as { field?: string; direction?: string }
  const wanted = states ?? filter.states
  const named = [...(labels ?? []), ...(filter.labels ?? [])]
  const since = filter.since === undefined ? 0 : Date.parse(filter.since)
  const key = (one: Issue) => (order.field === 'UPDATED_AT' ? one.updatedAt : one.createdAt)
  const rows = c.world.state.issues
    .where((one) => one.repositoryId === repository.id && !one.pull, c.asOf)
    .filter((one) => !wanted || wanted.includes(one.state.toUpperCase()))
    .filter((one) => one.updatedAt >= since)
    .filter((one) => named.length === 0 || labelsOf(c.world, one).some((label) => named.includes(label.name)))
    .toSorted((a, b) => key(a) - key(b) || a.number - b.number)
  return order.direction === 'DESC' ? rows.toReversed() : rows
}

function labelNamed(c: GraphqlContext, repository: Repository, name: string): Label | undefined {
  return c.world.state.labels.find(
    (one) => one.repositoryId === repository.id && one.name.toLowerCase() === name.toLowerCase(),
  )
}

function tagLabel(label: Label | undefined) {
  return label ? { __typename: 'Label', ...label } : null
}

/** `too heated` → `TOO_HEATED`, `off-topic` → `OFF_TOPIC`. */
export function enumName(text: string | null): string | null {
  return text === null ? null : text.toUpperCase().replaceAll(/[- ]/g, '_')
}
