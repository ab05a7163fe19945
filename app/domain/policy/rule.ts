/** The rules of a project: who may do what, what is forbidden, and what waits for a gate. Data only; evaluate.ts reads them. */
import type { Role } from '../actor.ts'

/** What policy is asked about. `tool` is an agent's own question, before it uses one or touches a path. */
export const POLICY_VERBS = ['claim', 'succeed', 'merge', 'tool'] as const
export type PolicyVerb = (typeof POLICY_VERBS)[number]

export const EFFECTS = ['allow', 'deny', 'require-gate'] as const
export type Effect = (typeof EFFECTS)[number]

/** What a condition may look at. */
export const ATTRIBUTES = [
  'agent',
  'capability',
  'trust',
  'verb',
  'tag',
  'tier',
  'priority',
  'parent',
  'path',
  'tool',
] as const
export type Attribute = (typeof ATTRIBUTES)[number]

/** Sunday first. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** One of the values that there are is like one of these; `*` stands for any characters. */
  | { readonly kind: 'is'; readonly what: Attribute; readonly like: readonly string[] }
  /** Minutes of the day in UTC; `from` above `to` goes over midnight, the same is a whole day. No days: every day, that of the start. */
  | { readonly kind: 'time'; readonly days: readonly Weekday[]; readonly from: number; readonly to: number }

export interface Rule {
  readonly id: string
  readonly effect: Effect
  /** For `require-gate`. */
  readonly gate: string | null
  /** For people, without full stop; null: the id must do. */
  readonly reason: string | null
  readonly when: Condition
}

export interface Policy {
  /** What happens where no rule matches. */
  readonly otherwise: 'allow' | 'deny'
  readonly rules: readonly Rule[]
}

/** A gate before either of these holds back the merge. */
export const holdsMerge = (verb: PolicyVerb | null): boolean => verb === 'succeed' || verb === 'merge'

/** What opens a gate: so many people who have the role at least. */
export interface GateNeeds {
  readonly approvals: number
  readonly role: Role
}

/** Of a gate that a rule names and the configuration says nothing more of. */
export const DEFAULT_NEEDS: GateNeeds = { approvals: 1, role: 'admin' }

/** Null for a gate that nobody has named. */
export const needsOf = (
  { gates = {}, policy }: { readonly gates?: Readonly<Record<string, GateNeeds>>; readonly policy?: Policy },
  name: string,
): GateNeeds | null => {
  if (Object.hasOwn(gates, name)) return gates[name] ?? null
  return policy?.rules.some(({ gate }) => gate === name) === true ? DEFAULT_NEEDS : null
}

/** Every gate that has a name, for whoever asks for another one. */
export const gateNames = ({
  gates = {},
  policy,
}: {
  readonly gates?: Readonly<Record<string, GateNeeds>>
  readonly policy?: Policy
}): readonly string[] => [
  ...new Set([...Object.keys(gates), ...(policy?.rules.flatMap(({ gate }) => (gate === null ? [] : [gate])) ?? [])]),
]
