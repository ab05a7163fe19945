/** What happened on an issue: its events, and its timeline with the comments in between. */
import type { AnswerOf } from '../http/description-types.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute } from '../http/route.ts'
import { renderCommented, renderIssueEvent } from '../render/timeline.ts'
import { findIssue } from './find-issue.ts'

const READ = { issues: 'read', pull_requests: 'read' } as const

export const timelineRoutes = [
  defineRoute('issues/list-events', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/events',
    who: ANYONE,
    permission: READ,
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'read')
      const page = paginate(
        c.world.state.issueEvents.where((one) => one.issueId === issue.id, c.asOf),
        c.url,
      )
      const body: unknown = page.rows.map((one) => renderIssueEvent(c.world, c.repo, one))
      // A union of forty shapes; the run-time check holds each event to its own.
      return { status: 200, headers: page.headers, body: body as AnswerOf<'issues/list-events'>['body'] & unknown[] }
    },
  }),
  defineRoute('issues/list-events-for-timeline', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/timeline',
    who: ANYONE,
    permission: READ,
    takes: [],
    handle(c) {
      const { state } = c.world
      const issue = findIssue(c, c.params.issue_number, 'read')
      const events = state.issueEvents.where((one) => one.issueId === issue.id, c.asOf)
      const comments = state.comments.where((one) => one.issueId === issue.id, c.asOf)
      const items = [
        ...events.map((one) => ({ at: one.createdAt, id: one.id, line: renderIssueEvent(c.world, c.repo, one) })),
        ...comments.map((one) => ({
          at: one.createdAt,
          id: one.id,
          line: renderCommented(c.world, c.repo, issue, one),
        })),
      ].toSorted((a, b) => a.at - b.at || a.id - b.id)
      const page = paginate(items, c.url)
      const body: unknown = page.rows.map((one) => one.line)
      return {
        status: 200,
        headers: page.headers,
        body: body as AnswerOf<'issues/list-events-for-timeline'>['body'] & unknown[],
      }
    },
  }),
]
