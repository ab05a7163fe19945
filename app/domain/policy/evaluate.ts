/**
 * From rules and facts to a verdict, with a tree that says of every rule whether it matched and why. Total and pure: every rule
 * is looked at, in whatever order they stand. A denial wins, then what waits for a gate, then what is allowed.
 */
import { assertNever } from '../assert-never.ts'
import type { Millis } from '../event/envelope.ts'
import { isLike } from './is-like.ts'
import { WEEKDAYS, type Attribute, type Condition, type Policy, type Rule } from './rule.ts'

export type PolicyFacts = { readonly [What in Attribute]: readonly string[] } & { readonly at: Millis }

export type PolicyOutcome = 'allow' | 'deny' | 'gate'

/** `rule`: the id, on nodes of rules; null on those of the whole and of conditions. */
export interface PolicyNode {
  readonly rule: string | null
  readonly matched: boolean
  readonly reason: string
  readonly children: readonly PolicyNode[]
}

export interface PolicyResult {
  readonly outcome: PolicyOutcome
  /** The rules that decided; none: what happens otherwise. */
  readonly rules: readonly Rule[]
  /** The gates that must be open, where it comes to that. */
  readonly gates: readonly string[]
  readonly tree: PolicyNode
}

export const evaluate = ({ otherwise, rules }: Policy, facts: PolicyFacts): PolicyResult => {
  const looked = rules.map((rule) => ({ rule, node: nodeOf(rule, facts) }))
  const matching = (effect: Rule['effect']): readonly Rule[] =>
    looked.filter(({ rule, node }) => rule.effect === effect && node.matched).map(({ rule }) => rule)
  const denying = matching('deny')
  const gating = matching('require-gate')
  const allowing = matching('allow')
  const [outcome, deciding]: readonly [PolicyOutcome, readonly Rule[]] =
    denying.length > 0
      ? ['deny', denying]
      : gating.length > 0
        ? ['gate', gating]
        : [allowing.length > 0 ? 'allow' : otherwise, allowing]
  const gates = outcome === 'gate' ? [...new Set(gating.map(({ id, gate }) => gate ?? id))].toSorted() : []
  const why = deciding.length === 0 ? 'no rule matches' : deciding.map(({ id }) => id).join(', ')
  const tree = {
    rule: null,
    matched: deciding.length > 0,
    reason: `${outcome}: ${why}`,
    children: looked.map(({ node }) => node),
  }
  return { outcome, rules: deciding, gates, tree }
}

const nodeOf = ({ id, effect, gate, reason, when }: Rule, facts: PolicyFacts): PolicyNode => {
  const condition = look(when, facts)
  const does = effect === 'require-gate' ? `needs the gate ${gate ?? id}` : effect
  return {
    rule: id,
    matched: condition.matched,
    reason: reason === null ? does : `${does}: ${reason}`,
    children: [condition],
  }
}

const look = (condition: Condition, facts: PolicyFacts): PolicyNode => {
  switch (condition.kind) {
    case 'all': {
      const children = condition.of.map((one) => look(one, facts))
      return node(
        children.every(({ matched }) => matched),
        'all of',
        children,
      )
    }
    case 'any': {
      const children = condition.of.map((one) => look(one, facts))
      return node(
        children.some(({ matched }) => matched),
        'any of',
        children,
      )
    }
    case 'not': {
      const child = look(condition.of, facts)
      return node(!child.matched, 'not', [child])
    }
    case 'is': {
      const { what, like } = condition
      const has = facts[what]
      const matched = has.some((value) => like.some((pattern) => isLike(value, pattern)))
      const said = has.length === 0 ? 'there is none' : `it is ${has.join(', ')}`
      return node(matched, `${what} like ${like.join(' or ')}: ${said}`)
    }
    case 'time': {
      const { days, from, to } = condition
      const span = `${days.length === 0 ? 'every day' : days.join(', ')} ${clock(from)} to ${clock(to)} UTC`
      return node(isWithin(condition, facts.at), `time within ${span}`)
    }
    default:
      return assertNever(condition)
  }
}

const node = (matched: boolean, reason: string, children: readonly PolicyNode[] = []): PolicyNode => ({
  rule: null,
  matched,
  reason,
  children,
})

const DAY_MINUTES = 1_440

const isWithin = ({ days, from, to }: Condition & { readonly kind: 'time' }, at: Millis): boolean => {
  const minutes = Math.floor(at / 60_000)
  const minute = minutes % DAY_MINUTES
  // What ends when it begins is a whole day: there is no other way to name the last minute.
  const overMidnight = from >= to
  if (overMidnight ? minute < from && minute >= to : minute < from || minute >= to) return false
  const startedYesterday = overMidnight && minute < to
  // The first day of all, in 1970, was a Thursday.
  const day = (Math.floor(minutes / DAY_MINUTES) + 4 + (startedYesterday ? 6 : 0)) % 7
  return days.length === 0 || days.some((name) => WEEKDAYS[day] === name)
}

const two = (n: number): string => String(n).padStart(2, '0')
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`

/** Whether the verdict may change with time alone. */
export const looksAtTime = ({ rules }: Policy): boolean => rules.some(({ when }) => hasTime(when))

const hasTime = (condition: Condition): boolean =>
  condition.kind === 'time' ||
  (condition.kind === 'not' && hasTime(condition.of)) ||
  ((condition.kind === 'all' || condition.kind === 'any') && condition.of.some(hasTime))
