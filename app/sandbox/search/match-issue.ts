/** What each qualifier of an issue search means for one issue or pull request. Rights and staleness are the route's. */
import type { Issue } from '../model/issue.ts'
import { fullName } from '../render/repository.ts'
import { labelsOf, repositoryOfIssue } from '../render/issue.ts'
import type { World } from '../world.ts'
import type { Term } from './parse-query.ts'

type Matcher = (world: World, issue: Issue, value: string) => boolean

const IS: Readonly<Record<string, (issue: Issue) => boolean>> = {
  issue: (one) => one.pull === null,
  pr: (one) => one.pull !== null,
  'pull-request': (one) => one.pull !== null,
  open: (one) => one.state === 'open',
  closed: (one) => one.state === 'closed',
  merged: (one) => one.pull?.mergedAt !== null && one.pull !== null,
  locked: (one) => one.locked,
  draft: (one) => one.pull?.draft === true,
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const loginOf = (world: World, id: number): string => world.state.accounts.get(id)?.login ?? ''
/** Apps are searched for as `app/muster`. */
const isLogin = (world: World, id: number, value: string): boolean =>
  sameText(loginOf(world, id), value.replace(/^app\/(.+)$/, '$1[bot]'))

const MATCHERS: Readonly<Record<string, Matcher>> = {
  is: (_world, issue, value) => IS[value.toLowerCase()]?.(issue) ?? false,
  type: (_world, issue, value) => IS[value.toLowerCase()]?.(issue) ?? false,
  state: (_world, issue, value) => issue.state === value.toLowerCase(),
  reason: (_world, issue, value) => sameText((issue.stateReason ?? '').replace('_', ' '), value.replace('_', ' ')),
  repo: (world, issue, value) => sameText(fullName(world, repositoryOfIssue(world, issue)), value),
  org: (world, issue, value) => sameText(loginOf(world, repositoryOfIssue(world, issue).ownerId), value),
  user: (world, issue, value) => sameText(loginOf(world, repositoryOfIssue(world, issue).ownerId), value),
  label: (world, issue, value) => labelsOf(world, issue).some((label) => sameText(label.name, value)),
  author: (world, issue, value) => isLogin(world, issue.authorId, value),
  assignee: (world, issue, value) => issue.assigneeIds.some((id) => isLogin(world, id, value)),
  updated: (_world, issue, value) => inRange(issue.updatedAt, value),
  created: (_world, issue, value) => inRange(issue.createdAt, value),
  closed: (_world, issue, value) => issue.closedAt !== null && inRange(issue.closedAt, value),
  no: (_world, issue, value) =>
    ({ label: issue.labelIds.length === 0, assignee: issue.assigneeIds.length === 0 })[value.toLowerCase()] ?? false,
}

/** Several of these mean any of them; everything else must hold together. */
const PLACES: ReadonlySet<string> = new Set(['repo', 'org', 'user'])

/** The first part of the query that the sandbox does not know; GitHub has many more. */
export function unknownTerm(terms: readonly Term[]): string | undefined {
  for (const { qualifier, values } of terms) {
    if (qualifier === null) continue
    if (!MATCHERS[qualifier]) return `${qualifier}:`
    const bad = ['is', 'type'].includes(qualifier) ? values.find((one) => !IS[one.toLowerCase()]) : undefined
    if (bad !== undefined) return `${qualifier}:${bad}`
  }
  return undefined
}

export function matchesIssue(world: World, terms: readonly Term[], issue: Issue): boolean {
  const text = `${issue.title}\n${issue.body ?? ''}`.toLowerCase()
  const places = terms.filter((one) => !one.negated && PLACES.has(one.qualifier ?? ''))
  const rest = terms.filter((one) => !places.includes(one))
  const holds = ({ qualifier, values }: Term): boolean =>
    values.some((value) => {
      if (qualifier === null) return text.includes(value.toLowerCase())
      return MATCHERS[qualifier]?.(world, issue, value) ?? false
    })
  return (places.length === 0 || places.some(holds)) && rest.every((one) => holds(one) !== one.negated)
}

/** `>=2026-11-21T09:00:00Z`, `<2026-11-21`, `A..B` with `*`, or one day. */
function inRange(at: number, range: string): boolean {
  const [from, to] = range.split('..')
  if (to !== undefined) return at >= startOf(from ?? '*') && at <= endOf(to)
  const [, sign = '', date = ''] = /^(>=|<=|>|<)?(.*)$/.exec(range) ?? []
  if (sign === '>=') return at >= startOf(date)
  if (sign === '>') return at > endOf(date)
  if (sign === '<=') return at <= endOf(date)
  if (sign === '<') return at < startOf(date)
  return at >= startOf(date) && at <= endOf(date)
}

const DAY_MS = 86_400_000

function startOf(date: string): number {
  return date === '*' ? Number.NEGATIVE_INFINITY : Date.parse(date)
}

/** A day lasts until its end, a time for its second. */
function endOf(date: string): number {
  if (date === '*') return Number.POSITIVE_INFINITY
  return Date.parse(date) + (date.includes('T') ? 999 : DAY_MS - 1)
}
