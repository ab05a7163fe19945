/** Why words addressed to us are not a command, as data; explainParseProblem says it, with the next step. */

import { assertNever } from '../../domain/assert-never.ts'
import type { Explanation } from '../explain-rejection.ts'
import { findCommand, verbsOn } from '../catalogue.ts'
import { nearestWord } from './nearest-word.ts'
import type { Surface } from './row.ts'
import { renderUsage } from './usage.ts'

export type ParseProblem =
  | { readonly code: 'unknown-verb'; readonly verb: string; readonly suggestion: string | null }
  /** A command of another surface. */
  | { readonly code: 'not-here'; readonly verb: string }
  | { readonly code: 'unclosed-quote'; readonly verb: string }
  | {
      readonly code: 'unknown-argument'
      readonly verb: string
      readonly name: string
      readonly suggestion: string | null
    }
  | { readonly code: 'duplicate-argument'; readonly verb: string; readonly name: string }
  | { readonly code: 'missing-argument'; readonly verb: string; readonly name: string }
  | { readonly code: 'unexpected-value'; readonly verb: string; readonly value: string; readonly quotable: boolean }
  | {
      readonly code: 'bad-value'
      readonly verb: string
      readonly name: string
      readonly value: string
      readonly expected: string
      readonly suggestion: string | null
    }

/** The problem of a verb that the surface does not have. */
export const unknownVerb = (verb: string, surface: Surface): ParseProblem => {
  const other = surface === 'http' ? 'comment' : 'http'
  if (findCommand(verb, other) !== null) return { code: 'not-here', verb: verb.toLowerCase() }
  return { code: 'unknown-verb', verb, suggestion: nearestWord(verb, verbsOn(surface)) }
}

/** Where the problem is told: how a command is written there. */
export interface Telling {
  readonly surface: Surface
  /** Whether `/claim` works beside `/muster claim`; for comments only. */
  readonly bare: boolean
}

/** Longer words of theirs would only hide what we say about them. */
const MAX_ECHO = 60

/** Their word inside our sentence: short, and without the mark that would pair with ours. */
const echo = (word: string): string => {
  const plain = word.replaceAll('`', "'")
  return plain.length > MAX_ECHO ? `${plain.slice(0, MAX_ECHO)}…` : plain
}

const didYouMean = (suggestion: string | null, mark: (word: string) => string): string =>
  suggestion === null ? '' : ` Did you mean \`${mark(suggestion)}\`?`

/** `/claim`, `/muster claim`, or over HTTP plain `claim`. */
const written = (command: string, { surface, bare }: Telling): string => {
  if (surface === 'http') return command
  return bare ? `/${command}` : `/muster ${command}`
}

const usageOf = (verb: string, telling: Telling): string => {
  const row = findCommand(verb, telling.surface)
  if (row === null) return listHint(telling)
  const example = written(row.examples[0] ?? verb, telling)
  return `It is written \`${written(renderUsage(row, telling.surface), telling)}\`, such as \`${example}\`.`
}

const listHint = (telling: Telling): string =>
  telling.surface === 'http' ? 'Send `help` for the list.' : `Comment \`${written('help', telling)}\` for the list.`

/** Plain text that may hold their words: whoever publishes it neutralises it. */
export const explainParseProblem = (problem: ParseProblem, telling: Telling): Explanation => {
  const next = usageOf(problem.verb, telling)
  switch (problem.code) {
    case 'unknown-verb':
      return {
        problem: `There is no command ${echo(problem.verb)}.${didYouMean(problem.suggestion, (verb) => written(verb, telling))}`,
        next: listHint(telling),
      }
    case 'not-here': {
      const home = telling.surface === 'http' ? 'in comments' : 'over HTTP'
      return { problem: `The command ${problem.verb} works ${home} only.`, next: listHint(telling) }
    }
    case 'unclosed-quote':
      return { problem: `A double quote in ${problem.verb} is not closed.`, next: `Close it on the same line. ${next}` }
    case 'unknown-argument':
      return {
        problem: `${problem.verb} has no argument ${echo(problem.name)}.${didYouMean(problem.suggestion, (name) => `${name}=`)}`,
        next,
      }
    case 'duplicate-argument':
      return { problem: `${problem.name} is given twice.`, next: `Give it once. ${next}` }
    case 'missing-argument':
      return { problem: `${problem.verb} needs ${problem.name}.`, next }
    case 'unexpected-value':
      return {
        problem: `${problem.verb} has no place for ${echo(problem.value)}.`,
        next: `${problem.quotable ? 'Put words that belong together in double quotes. ' : ''}${next}`,
      }
    case 'bad-value':
      return {
        problem: `${problem.name} must be ${problem.expected}, not ${echo(problem.value)}.${didYouMean(problem.suggestion, (word) => word)}`,
        next,
      }
    default:
      return assertNever(problem)
  }
}
