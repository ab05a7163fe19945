/** Reactions on issues and comments. One of each content per account; adding it again finds the first. No webhooks. */
import { forbidden, notFound } from '../http/errors.ts'
import type { Reaction, ReactionContent } from '../model/issue.ts'
import { reactionsOn } from '../render/reaction.ts'
import { type Doer, doerAccount } from './doer.ts'

export interface AddedReaction {
  readonly reaction: Reaction
  /** False when the account had reacted so before: REST answers 200 instead of 201. */
  readonly created: boolean
}

export function addReaction(doer: Doer, subject: Reaction['subject'], content: ReactionContent): AddedReaction {
  const { state, clock } = doer.world
  const userId = doerAccount(doer).id
  const same = reactionsOn(doer.world, subject).find((one) => one.userId === userId && one.content === content)
  if (same) return { reaction: same, created: false }
  const reaction = state.reactions.put({ id: state.ids.next(), subject, userId, content, createdAt: clock.now() })
  return { reaction, created: true }
}

/** Only one's own reaction can be taken back. */
export function removeReaction(doer: Doer, subject: Reaction['subject'], reactionId: number): Reaction {
  const reaction = reactionsOn(doer.world, subject).find((one) => one.id === reactionId)
  if (!reaction) throw notFound()
  if (reaction.userId !== doerAccount(doer).id) throw forbidden('You can only delete your own reactions.')
  doer.world.state.reactions.delete(reactionId)
  return reaction
}
