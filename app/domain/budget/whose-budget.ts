/** A book's scope and period in words: `the project`, `for 2026-11-30`. An agent's id comes as it is: whoever publishes it makes it inert. */
import type { BookKey } from './books.ts'
import { periodKind, scopeKind } from './limits.ts'

const WHOSE: Readonly<Record<string, string>> = { workspace: 'the account', project: 'the project', task: 'the task' }

export const whoseBudget = (key: BookKey): string => {
  const kind = scopeKind(key)
  // Records of other versions may know scopes that this one does not.
  return kind === 'agent' ? key.scope.split('/').slice(2).join('/') : (WHOSE[kind] ?? key.scope)
}

/** Empty where it is not limited in time; else with a space in front. */
export const budgetSpan = (key: BookKey): string => (periodKind(key) === 'total' ? '' : ` for ${key.period}`)
