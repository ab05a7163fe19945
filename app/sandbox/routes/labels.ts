/** Labels: the repository's own, and those on issues and pull requests. */
import {
  addLabels,
  createLabel,
  deleteLabel,
  findLabel,
  removeLabel,
  removeLabelIds,
  setLabels,
  updateLabel,
} from '../changes/labels.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import type { Issue } from '../model/issue.ts'
import type { Label, Repository } from '../model/repository.ts'
import { labelsOf } from '../render/issue.ts'
import { renderLabel } from '../render/label.ts'
import type { World } from '../world.ts'
import { findIssue } from './find-issue.ts'

const READ = { issues: 'read', pull_requests: 'read' } as const
const WRITE = { issues: 'write', pull_requests: 'write' } as const

export const labelRoutes = [
  defineRoute('issues/list-labels-for-repo', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/labels',
    who: ANYONE,
    permission: READ,
    handle(c) {
      const rows = c.world.state.labels
        .where((one) => one.repositoryId === c.repo.id, c.asOf)
        .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
      const page = paginate(rows, c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderLabel(c.world, c.repo, one)) }
    },
  }),
  defineRoute('issues/create-label', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/labels',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'write',
    handle(c) {
      const label = renderLabel(c.world, c.repo, createLabel(c, c.repo, c.body))
      return { status: 201, body: label, headers: { location: label.url } }
    },
  }),
  defineRoute('issues/get-label', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/labels/{name}',
    who: ANYONE,
    permission: READ,
    handle: (c) => ({ status: 200, body: renderLabel(c.world, c.repo, existing(c, c.params.name)) }),
  }),
  defineRoute('issues/update-label', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/labels/{name}',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'write',
    handle(c) {
      const { new_name: name, color, description } = c.body
      const change = {
        ...(name !== undefined && { name }),
        ...(color !== undefined && { color }),
        ...(description !== undefined && { description }),
      }
      return {
        status: 200,
        body: renderLabel(c.world, c.repo, updateLabel(c, c.repo, existing(c, c.params.name), change)),
      }
    },
  }),
  defineRoute('issues/delete-label', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/labels/{name}',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'write',
    handle(c) {
      deleteLabel(c, c.repo, existing(c, c.params.name))
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('issues/list-labels-on-issue', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    who: ANYONE,
    permission: READ,
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'read')
      const then = c.world.state.issues.where((one) => one.id === issue.id, c.asOf)[0] ?? issue
      const page = paginate(rendered(c.world, c.repo, then), c.url)
      return { status: 200, headers: page.headers, body: [...page.rows] }
    },
  }),
  defineRoute('issues/add-labels', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      return { status: 200, body: rendered(c.world, c.repo, addLabels(c, issue, namesIn(c.body))) }
    },
  }),
  defineRoute('issues/set-labels', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      return { status: 200, body: rendered(c.world, c.repo, setLabels(c, issue, namesIn(c.body))) }
    },
  }),
  defineRoute('issues/remove-all-labels', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      removeLabelIds(c, issue, issue.labelIds)
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('issues/remove-label', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      return { status: 200, body: rendered(c.world, c.repo, removeLabel(c, issue, c.params.name)) }
    },
  }),
]

function existing(c: { readonly world: World; readonly repo: Repository }, name: string): Label {
  const label = findLabel(c, c.repo, name)
  if (!label) throw notFound()
  return label
}

function rendered(world: World, repository: Repository, issue: Issue) {
  return labelsOf(world, issue).map((label) => renderLabel(world, repository, label))
}

/** The description allows a list of names, of objects, either of them under `labels`, or one name alone. */
function namesIn(body: unknown): string[] {
  const list = typeof body === 'object' && body !== null && 'labels' in body ? body.labels : body
  const items: unknown[] = Array.isArray(list) ? list : typeof list === 'string' ? [list] : []
  return items.map((item) => nameIn(item)).filter((name) => name !== undefined)
}

function nameIn(item: unknown): string | undefined {
  if (typeof item === 'string') return item
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined
  return typeof item.name === 'string' ? item.name : undefined
}
