/** What is different between two states: the members that changed, as deep as they can be told apart. It says nothing of who and why. */
import { canonicalJson, type Json } from '../event/canonical-json.ts'

export type Path = readonly (string | number)[]

/** Absent `before`: the member is new. Absent `after`: it is gone. */
export interface Change {
  readonly path: Path
  readonly before?: Json
  readonly after?: Json
}

type Members = Readonly<Record<string, Json | undefined>>

/**
 * In the order of the members' names. Lists that grew or kept their length are compared item by item; one that became shorter
 * is a change as a whole, since its items may have moved.
 */
export const difference = (before: Json | undefined, after: Json | undefined, path: Path = []): readonly Change[] => {
  // States share what an event did not touch: most of a comparison ends here.
  if (before === after) return []
  if (Array.isArray(before) && Array.isArray(after) && after.length >= before.length) {
    return (after as readonly Json[]).flatMap((item, at) =>
      at < before.length
        ? difference((before as readonly Json[])[at], item, [...path, at])
        : [{ path: [...path, at], after: item }],
    )
  }
  if (isMembers(before) && isMembers(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return names.flatMap((name) => difference(own(before, name), own(after, name), [...path, name]))
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return []
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]
}

const isMembers = (value: Json | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An input of somebody's own may have a member called `toString`, and one that has none has none. */
const own = (members: Members, name: string): Json | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined

/** `attempts[2].failure.class`; the whole value is ``. */
export const renderPath = (path: Path): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')

/** Whether a change of the one is a change of, or within, the other. */
export const overlaps = (a: Path, b: Path): boolean => {
  const shared = Math.min(a.length, b.length)
  return a.slice(0, shared).every((step, at) => step === b[at])
}

/** The state after the changes: `difference` the other way round. */
export const withDifference = (before: Json | undefined, changes: readonly Change[]): Json | undefined =>
  changes.reduce((value, { path, after }) => put(value, path, after), before)

const put = (value: Json | undefined, path: Path, after: Json | undefined): Json | undefined => {
  const [step, ...rest] = path
  if (step === undefined) return after
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? [...(value as readonly Json[])] : []
    items[step] = put(items[step], rest, after) ?? null
    return items
  }
  const members = isMembers(value) ? value : {}
  const { [step]: _, ...others } = members
  const made = put(own(members, step), rest, after)
  return made === undefined ? others : { ...others, [step]: made }
}
