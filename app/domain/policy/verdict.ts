/** What policy said of a task, as it is put on record: once per change of mind, not once per question. */
import type { Millis } from '../event/envelope.ts'
import type { PolicyOutcome, PolicyResult } from './evaluate.ts'
import type { PolicyVerb } from './rule.ts'

export interface Verdict {
  readonly verb: PolicyVerb
  readonly agent: string
  readonly outcome: PolicyOutcome
  /** Ids of the rules that decided. */
  readonly rules: readonly string[]
}

/** A verdict with the time when it was first so. */
export type KnownVerdict = Verdict & { readonly at: Millis }

/** The most that a task keeps; older ones stay in the events. */
const KEPT_VERDICTS = 20
const KEPT_RULES = 20

export const verdictOf = (
  { verb, agent }: Pick<Verdict, 'verb' | 'agent'>,
  { outcome, rules }: PolicyResult,
): Verdict => ({ verb, agent, outcome, rules: rules.slice(0, KEPT_RULES).map(({ id }) => id) })

const isAbout = (a: Verdict, b: Verdict): boolean => a.verb === b.verb && a.agent === b.agent

/** Plain permission is nothing new, unless it was refused before. */
export const isNews = (known: readonly KnownVerdict[] = [], verdict: Verdict): boolean => {
  const before = known.find((other) => isAbout(other, verdict))
  if (before === undefined) return verdict.outcome !== 'allow'
  return before.outcome !== verdict.outcome || before.rules.join('\n') !== verdict.rules.join('\n')
}

export const withVerdict = (known: readonly KnownVerdict[] = [], verdict: KnownVerdict): readonly KnownVerdict[] =>
  [...known.filter((other) => !isAbout(other, verdict)), verdict].slice(-KEPT_VERDICTS)

/** What was last said of a verb, whoever the agent was. */
export const lastVerdict = (known: readonly KnownVerdict[] = [], verb: PolicyVerb): KnownVerdict | null =>
  known.findLast((verdict) => verdict.verb === verb) ?? null
