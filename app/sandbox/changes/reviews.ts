/** Reviews with their verdict, and the `pull_request_review` webhook. GitHub drops HTML comments from a review's text. */
import type { EventPayload } from '../http/description-types.ts'
import { unprocessable } from '../http/errors.ts'
import { type Pull, pullsOf, type Review, reviewsOf } from '../model/pull.ts'
import { sameLogin } from '../routes/repositories.ts'
import { issueOfPull, renderPullSimple, renderReview, repositoryOfPull } from '../render/pull.ts'
import { renderAccount } from '../render/account.ts'
import { emit } from '../webhooks/emit.ts'
import { checkBody } from './check-text.ts'
import { type Doer, doerAccount, doerAppId } from './doer.ts'
import { emitPull } from './emit-pull.ts'

const VERDICTS = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const

export interface NewReview {
  readonly event: keyof typeof VERDICTS | undefined
  readonly body: string
  readonly commitSha: string
}

export function createReview(doer: Doer, pull: Pull, input: NewReview): Review {
  const { world, caller } = doer
  const account = doerAccount(doer)
  const body = input.body.replaceAll(/<!--[\s\S]*?-->/g, '')
  const own = issueOfPull(world, pull).authorId === account.id
  if (own && input.event !== undefined && input.event !== 'COMMENT')
    throw unprocessable(`Can not ${input.event === 'APPROVE' ? 'approve' : 'request changes on'} your own pull request`)
  if (input.event !== undefined && input.event !== 'APPROVE') checkBody('PullRequest', input.body, true)
  const review = reviewsOf(world.state).put({
    id: world.state.ids.next(),
    pullId: pull.id,
    userId: account.id,
    appId: doerAppId(doer),
    body,
    state: input.event === undefined ? 'PENDING' : VERDICTS[input.event],
    commitSha: input.commitSha,
    submittedAt: input.event === undefined ? null : world.clock.now(),
  })
  pullsOf(world.state).update(pull.id, {
    requestedReviewerIds: pull.requestedReviewerIds.filter((id) => id !== account.id),
  })
  if (review.state === 'PENDING') return review
  const rendered = renderReview(world, pull, review)
  const payload = {
    // Webhooks spell the state in lower case, REST in upper case.
    review: { ...rendered, state: rendered.state.toLowerCase() },
    pull_request: renderPullSimple(world, pull),
  }
  emit(world, 'pull_request_review', 'submitted', {
    repository: repositoryOfPull(world, pull),
    caller,
    payload: payload as unknown as EventPayload<'pull_request_review', 'submitted'>,
  })
  return review
}

export function requestReviewers(doer: Doer, pull: Pull, logins: readonly string[]): Pull {
  const { world } = doer
  let current = pull
  for (const login of logins) {
    const account = world.state.accounts.find((one) => sameLogin(one.login, login))
    const role = account && repositoryOfPull(world, pull).collaborators[account.id]
    if (!account || !role)
      throw unprocessable(
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
      )
    if (current.requestedReviewerIds.includes(account.id)) continue
    current = pullsOf(world.state).update(pull.id, {
      requestedReviewerIds: [...current.requestedReviewerIds, account.id],
    })
    emitPull(doer, current, 'review_requested', { requested_reviewer: renderAccount(world, account) })
  }
  return current
}
