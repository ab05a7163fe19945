/** How a command is named where an answer is read: `/claim` in comments, JSON over HTTP. It decides nothing and knows no rejection. */
import { neutraliseLine } from '../domain/text/neutralise.ts'
import { findCommand } from './catalogue.ts'
import type { Surface } from './catalogue/row.ts'

export interface Explanation {
  readonly problem: string
  readonly next: string
}

/** Where something is told. */
export interface Telling {
  readonly surface: Surface
  /** Whether `/claim` works beside `/muster claim`; comments are always written in a way that works. */
  readonly bare: boolean
}

export const OVER_HTTP: Telling = { surface: 'http', bare: true }

/** `/claim` or `/muster claim`. */
export const slashed = (command: string, { bare }: Telling): string => (bare ? `/${command}` : `/muster ${command}`)

/** `/claim`, `/muster claim`, or over HTTP plain `claim`. */
export const written = (command: string, telling: Telling): string =>
  telling.surface === 'http' ? command : slashed(command, telling)

/** A command with its arguments by name; comments show them behind the verb, as `words` has them. */
export interface Step {
  readonly verb: string
  readonly words?: string
  readonly args?: Readonly<Record<string, string>>
}

/** The JSON of a request, as it can be sent; `task` goes beside it. */
const requested = ({ verb, args }: Step): string =>
  args === undefined
    ? `{"verb": "${verb}"}`
    : `{"verb": "${verb}", "args": ${JSON.stringify(args).replaceAll(':', ': ').replaceAll(',', ', ')}}`

/** A clause in the imperative: who reads it does the step, or over HTTP has a person do what keys may not. */
export const step = (wanted: Step, telling: Telling): string => {
  const { verb, words } = wanted
  const typed = `\`${slashed(words === undefined ? verb : `${verb} ${words}`, telling)}\``
  if (telling.surface === 'comment') return `comment ${typed}`
  if (findCommand(verb, 'http') !== null) return `send \`${requested(wanted)}\``
  const role = findCommand(verb, 'comment')?.role ?? 'write'
  return `have a person with the ${role} role comment ${typed} on the issue`
}

/** The same at the start of a sentence. */
export const firstStep = (wanted: Step, telling: Telling): string => {
  const clause = step(wanted, telling)
  return clause.charAt(0).toUpperCase() + clause.slice(1)
}

const MAX_FOREIGN = 500

/** Words of others inside our own sentence: inert, on one line, without secrets. */
export const foreign = (words: string, max: number = MAX_FOREIGN): string => neutraliseLine(words, max)

/** The same for inside a code span of ours. */
export const foreignCode = (words: string, max?: number): string => foreign(words.replaceAll('`', "'"), max)
