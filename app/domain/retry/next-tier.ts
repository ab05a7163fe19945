/** The tier after the one that was too small, in the order that the configuration gives them; null at the end of it, or without one. */
import type { Settings, TierSettings } from '../settings.ts'
import type { Task } from '../task/state.ts'

/** A task that names no tier stands at the first. */
export const nextTier = ({ details }: Pick<Task, 'details'>, { tiers = [] }: Settings): TierSettings | null => {
  const at = details.tier === undefined ? 0 : tiers.findIndex(({ name }) => name === details.tier)
  return at === -1 ? null : (tiers[at + 1] ?? null)
}
