/** `policy:` and `gates:` of the configuration as decisions see them. */
import { DEFAULT_NEEDS, ATTRIBUTES, type Condition, type GateNeeds, type Policy } from '../../domain/policy/rule.ts'
import type { Configuration } from '../../../schemas/configuration.ts'
import type { When } from '../../../schemas/policy.ts'

export const policyFrom = ({
  default: otherwise = 'allow',
  rules = [],
}: NonNullable<Configuration['policy']>): Policy => ({
  otherwise,
  rules: rules.map(({ id, effect, gate, reason, when = {} }) => ({
    id,
    effect,
    gate: effect === 'require-gate' ? (gate ?? id) : null,
    reason: reason ?? null,
    when: conditionFrom(when),
  })),
})

const listOf = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(value) ? (value as readonly Item[]) : [value as Item]

/** Everything that stands in one place must hold. */
const conditionFrom = (when: When): Condition => {
  const all: Condition[] = ATTRIBUTES.flatMap((what): readonly Condition[] => {
    const like = when[what]
    return like === undefined ? [] : [{ kind: 'is', what, like: listOf<string>(like) }]
  })
  const { time, all: every, any, not } = when
  if (time !== undefined) {
    all.push({ kind: 'time', days: time.days ?? [], from: minuteOf(time.from), to: minuteOf(time.to) })
  }
  if (every !== undefined) all.push({ kind: 'all', of: every.map((one) => conditionFrom(one)) })
  if (any !== undefined) all.push({ kind: 'any', of: any.map((one) => conditionFrom(one)) })
  if (not !== undefined) all.push({ kind: 'not', of: conditionFrom(not) })
  const [only] = all
  return all.length === 1 && only !== undefined ? only : { kind: 'all', of: all }
}

/** `22:30`; the schema has looked at its form. */
const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

export const gatesFrom = (gates: NonNullable<Configuration['gates']>): Readonly<Record<string, GateNeeds>> =>
  Object.fromEntries(Object.entries(gates).map(([name, needs]) => [name, { ...DEFAULT_NEEDS, ...given(needs) }]))

const given = ({ approvals, role }: NonNullable<Configuration['gates']>[string]): Partial<GateNeeds> => ({
  ...(approvals === undefined ? {} : { approvals }),
  ...(role === undefined ? {} : { role }),
})
