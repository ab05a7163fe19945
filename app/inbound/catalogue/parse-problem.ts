/** Why words addressed to us are not a command, as data; explainParseProblem says it, with the next step. */

import { assertNever } from '../../domain/assert-never.ts'
import { findCommand, verbsOn } from '../catalogue.ts'
import { firstStep, foreignCode, step, written, type Explanation, type Step, type Telling } from '../telling.ts'
import { nearestWord } from './nearest-word.ts'
import type { AnyCommandRow, Surface } from './row.ts'
import { argumentsOn, renderUsage } from './usage.ts'

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

/** Longer words of theirs would only hide what we say about them. */
const MAX_ECHO = 60

/** Their word inside our sentence: short, inert, and without the mark that would pair with ours. */
const echo = (word: string): string => foreignCode(word, MAX_ECHO)

const didYouMean = (suggestion: string | null, mark: (word: string) => string): string =>
  suggestion === null ? '' : ` Did you mean \`${mark(suggestion)}\`?`

const usageOf = (verb: string, telling: Telling): string => {
  const row = findCommand(verb, telling.surface)
  if (row === null) return listHint(telling)
  if (telling.surface === 'http') return `${argumentList(row)}; ${inFull(row, telling)}.`
  const example = written(row.examples[0] ?? verb, telling)
  return `It is written \`${written(renderUsage(row, telling.surface), telling)}\`, such as \`${example}\`.`
}

/** The first example of a command of comments, whole. */
const plainest = (verb: string): Step => {
  const words = findCommand(verb, 'comment')?.examples[0]?.slice(verb.length + 1) ?? ''
  return words === '' ? { verb } : { verb, words }
}

const argumentList = (row: AnyCommandRow): string => {
  const names = argumentsOn(row, 'http').map(({ name, required }) => (required === true ? `${name} (needed)` : name))
  return names.length === 0 ? 'It takes no arguments' : `It takes ${names.join(', ')} in "args"`
}

const inFull = ({ verb }: AnyCommandRow, telling: Telling): string =>
  `${step({ verb: 'help', words: verb, args: { verb } }, telling)} to see them explained`

const listHint = (telling: Telling): string => `${firstStep({ verb: 'help' }, telling)} for the list.`

/** Their words in it are inert. */
export const explainParseProblem = (problem: ParseProblem, telling: Telling): Explanation => {
  const next = usageOf(problem.verb, telling)
  switch (problem.code) {
    case 'unknown-verb':
      return {
        problem: `There is no command ${echo(problem.verb)}.${didYouMean(problem.suggestion, (verb) => written(verb, telling))}`,
        next: listHint(telling),
      }
    case 'not-here': {
      if (telling.surface === 'comment') {
        return { problem: `The command ${problem.verb} works over HTTP only.`, next: listHint(telling) }
      }
      return {
        problem: `${problem.verb} is for people to decide; agent keys may not.`,
        next: `${firstStep(plainest(problem.verb), telling)}.`,
      }
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
