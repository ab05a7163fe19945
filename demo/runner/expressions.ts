/**
 * The part of GitHub's expression language that the demo's workflows use: `${{ a.b.c }}` and `${{ toJSON(a) }}` in values,
 * and the status functions in `if:`. Anything else is an error that names it, never an empty text.
 */
export type Contexts = Readonly<Record<string, unknown>>
export type Texts = Readonly<Record<string, string>>

const EXPRESSION = /\$\{\{(.*?)\}\}/g
const PATH = /^[a-z_][\w-]*(?:\.[a-z_][\w-]*)+$/i

/** Unset values become empty text, as on GitHub. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replaceAll(EXPRESSION, (_, expression: string) => lookUp(expression.trim(), contexts))
}

const TO_JSON = /^toJSON\(\s*([a-z_]+)\s*\)$/i

function lookUp(path: string, contexts: Contexts): string {
  const whole = TO_JSON.exec(path)?.[1]
  if (whole !== undefined && Object.hasOwn(contexts, whole)) return JSON.stringify(contexts[whole], null, 2)
  if (!PATH.test(path)) throw new Error(`this runner does not know the expression "${path}"`)
  const [context = '', ...rest] = path.split('.')
  if (!Object.hasOwn(contexts, context)) throw new Error(`this runner has no context "${context}"`)
  let value = contexts[context]
  for (const name of rest) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return ''
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return textOf(value)
}

/** A value of YAML or JSON as text; null and undefined are empty. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The values of a mapping in a workflow file, with their expressions replaced. */
export function textsOf(mapping: unknown, contexts: Contexts): Texts {
  if (typeof mapping !== 'object' || mapping === null) return {}
  const pairs = Object.entries(mapping).map(([name, value]) => [name, interpolate(textOf(value), contexts)])
  return Object.fromEntries(pairs) as Texts
}

/** Whether a step runs, given whether an earlier one of its job failed. */
export function holds(condition: string, failed: boolean): boolean {
  switch (condition.replace(EXPRESSION, '$1').trim()) {
    case '':
    case 'success()':
      return !failed
    case 'failure()':
      return failed
    case 'always()':
    case '!cancelled()':
      return true
    default:
      throw new Error(`this runner does not know the condition "${condition}"`)
  }
}
