/** Who is behind a report or a piece of evidence, as people read it. */
import type { Evidence } from '../../../domain/task/state.ts'

export const SAID_BY: Record<Evidence['trust'], string> = {
  self: 'the agent itself',
  ci: 'CI',
  platform: 'GitHub',
}
