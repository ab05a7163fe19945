/** Reactions: one, and the roll-up that issues and comments carry. */
import type { Schema } from '../http/description-types.ts'
import { nodeId } from '../model/ids.ts'
import { REACTIONS, type Reaction, type ReactionContent } from '../model/issue.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'

export function renderReaction(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: renderAccountId(world, reaction.userId),
    content: reaction.content,
    created_at: isoSeconds(reaction.createdAt),
  } satisfies Schema<'reaction'>
}

export function reactionsOn(world: World, subject: Reaction['subject'], asOf?: number): Reaction[] {
  return world.state.reactions.where((one) => one.subject.kind === subject.kind && one.subject.id === subject.id, asOf)
}

/** `url` is the subject's own API address. */
export function renderReactions(world: World, subject: Reaction['subject'], url: string) {
  const found = reactionsOn(world, subject)
  const counts = Object.fromEntries(
    REACTIONS.map((content) => [content, found.filter((one) => one.content === content).length]),
  ) as Record<ReactionContent, number>
  return { url: `${url}/reactions`, total_count: found.length, ...counts } satisfies Schema<'reaction-rollup'>
}
