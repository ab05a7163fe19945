/** Reviews of pull requests: written with a verdict at once, read, listed; reviewers asked for. No line comments. */
import { createReview, requestReviewers } from '../changes/reviews.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { reviewsOf } from '../model/pull.ts'
import { renderPullSimple, renderReview } from '../render/pull.ts'
import { findPull } from './find-pull.ts'

export const reviewRoutes = [
  defineRoute('pulls/list-reviews', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    handle(c) {
      const pull = findPull(c, c.params.pull_number)
      const page = paginate(
        reviewsOf(c.world.state).where((one) => one.pullId === pull.id, c.asOf),
        c.url,
      )
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderReview(c.world, pull, one)) }
    },
  }),
  defineRoute('pulls/get-review', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}',
    who: ANYONE,
    permission: { pull_requests: 'read' },
    handle(c) {
      const pull = findPull(c, c.params.pull_number)
      const review = reviewsOf(c.world.state).get(Number(c.params.review_id))
      if (!review || review.pullId !== pull.id) throw notFound()
      return { status: 200, body: renderReview(c.world, pull, review) }
    },
  }),
  defineRoute('pulls/create-review', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    who: SIGNED_IN,
    permission: { pull_requests: 'write' },
    takes: ['commit_id', 'body', 'event'],
    createsContent: true,
    handle(c) {
      const pull = findPull(c, c.params.pull_number)
      const { event, body = '', commit_id: commitSha } = c.body ?? {}
      const review = createReview(c, pull, { event, body, commitSha: commitSha ?? pull.headSha })
      return { status: 200, body: renderReview(c.world, pull, review) }
    },
  }),
  defineRoute('pulls/request-reviewers', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    who: SIGNED_IN,
    permission: { pull_requests: 'write' },
    role: 'write',
    takes: ['reviewers'],
    handle(c) {
      const pull = requestReviewers(c, findPull(c, c.params.pull_number), c.body?.reviewers ?? [])
      return { status: 201, body: renderPullSimple(c.world, pull) }
    },
  }),
]
