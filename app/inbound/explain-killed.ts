/** A kill in words: who stopped what and why, and that only a person lets it go on. */
import type { Rejection } from '../domain/rejection.ts'
import { firstStep, foreign, type Explanation, type Telling } from './telling.ts'

export const explainKilled = (
  { scope, agent, reason, by }: Rejection & { readonly code: 'killed' },
  telling: Telling,
): Explanation => {
  const words = agent === null ? scope : `agent=${agent}`
  const what = agent === null ? `All work in this ${scope}` : `The agent ${foreign(agent)}`
  return {
    problem: `${what} was stopped by ${foreign(by)}: ${foreign(reason)}.`,
    next: `${firstStep({ verb: 'unkill', words }, telling)} when that is settled.`,
  }
}
