/** Sets switches by name from untrusted JSON. All or nothing: the answer is what is wrong, or null when it was done. */
import { type Switches, UNKIND } from '../switches.ts'

export function applySwitches(switches: Switches, change: unknown): string | null {
  if (change === null || typeof change !== 'object') return 'Send an object of switch names and values.'
  for (const [name, value] of Object.entries(change)) {
    if (!(name in UNKIND)) return `No switch is called "${name}". There are: ${Object.keys(UNKIND).join(', ')}.`
    const current: unknown = UNKIND[name as keyof Switches]
    if (!sameShape(current, value)) return `"${name}" takes a value like ${JSON.stringify(current)}.`
  }
  Object.assign(switches, change)
  return null
}

function sameShape(model: unknown, value: unknown): boolean {
  if (Array.isArray(model))
    return Array.isArray(value) && value.length === model.length && value.every((one) => typeof one === 'number')
  return typeof model === typeof value
}
