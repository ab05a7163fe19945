/** What policy said of a task, as it is put on record: once per change of mind, not once per question. */
import type { Millis } from '../event/envelope.ts'
import type { PolicyOutcome, PolicyResult } from './evaluate.ts'
import type { Question } from './facts.ts'
import type { PolicyVerb } from './rule.ts'

export interface Verdict {
  readonly verb: PolicyVerb
  readonly agent: string
  readonly outcome: PolicyOutcome
  /** Ids of the rules that decided. */
  readonly rules: readonly string[]
  /** Of `tool` alone: what the holder of this attempt asked to use, and on what. */
  readonly attempt?: number
  readonly tool?: string
  readonly path?: string
}

/** A verdict with the time when it was first so. */
export type KnownVerdict = Verdict & { readonly at: Millis }

/** The most that a task keeps of those on tools, and of all others; older ones stay in the events. */
const KEPT_VERDICTS = 20
const KEPT_RULES = 20

export const verdictOf = ({ verb, agent, tool, path }: Question, { outcome, rules }: PolicyResult): Verdict => ({
  verb,
  agent,
  outcome,
  rules: rules.slice(0, KEPT_RULES).map(({ id }) => id),
  ...(tool === undefined || tool === null ? {} : { tool }),
  ...(path === undefined || path === null ? {} : { path }),
})

const isAbout = (a: Verdict, b: Verdict): boolean =>
  a.verb === b.verb && a.agent === b.agent && a.tool === b.tool && a.path === b.path

/** Plain permission is nothing new, unless it was refused before, or a rule gave it to a tool, of which no other event tells. */
export const isNews = (known: readonly KnownVerdict[] = [], verdict: Verdict): boolean => {
  const before = known.find((other) => isAbout(other, verdict))
  if (before === undefined) return verdict.outcome !== 'allow' || (isOnTool(verdict) && verdict.rules.length > 0)
  return before.outcome !== verdict.outcome || before.rules.join('\n') !== verdict.rules.join('\n')
}

export const withVerdict = (known: readonly KnownVerdict[] = [], verdict: KnownVerdict): readonly KnownVerdict[] => {
  const all = [...known.filter((other) => !isAbout(other, verdict)), verdict]
  // However much an agent asks about tools, what was said of its claims and merges stays.
  const alike = all.filter((other) => isOnTool(other) === isOnTool(verdict))
  const oldest = new Set(alike.slice(0, -KEPT_VERDICTS))
  return all.filter((other) => !oldest.has(other))
}

const isOnTool = ({ verb }: Verdict): boolean => verb === 'tool'

/** What was last said of a verb, whoever the agent was. */
export const lastVerdict = (known: readonly KnownVerdict[] = [], verb: PolicyVerb): KnownVerdict | null =>
  known.findLast((verdict) => verdict.verb === verb) ?? null
