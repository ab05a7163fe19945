/**
 * One line of a comment → a command of the catalogue with typed arguments, a problem to tell the person, or null: not
 * addressed to us. It does not ask who may and carries nothing out.
 */

import { findCommand, verbsOn } from '../catalogue.ts'
import { bindArguments, type BoundArguments } from '../catalogue/bind-arguments.ts'
import { nearestWord } from '../catalogue/nearest-word.ts'
import { unknownVerb, type ParseProblem } from '../catalogue/parse-problem.ts'
import type { AnyCommandRow } from '../catalogue/row.ts'
import { argumentsOn } from '../catalogue/usage.ts'
import { splitWords, type Word } from './split-words.ts'

export interface LineOptions {
  /** Whether `/claim` works beside `/muster claim`. */
  readonly bare: boolean
}

export type ParsedLine =
  | { readonly ok: true; readonly row: AnyCommandRow; readonly args: BoundArguments }
  | { readonly ok: false; readonly problem: ParseProblem }

const PREFIXED = /^\/muster(?:[ \t\u00a0]+(.*))?$/is
const BARE = /^\/([A-Za-z][\w-]{0,40})(?:[ \t\u00a0]+(.*))?$/is
const VERB_AND_REST = /^(\S+)(?:[ \t\u00a0]+(.*))?$/s

interface Address {
  readonly verb: string
  readonly rest: string
}

/** Commands that other bots are known by and that only look like ours mistyped. */
const OTHERS: ReadonlySet<string> = new Set([
  'ask',
  'close',
  'test',
  'lock',
  'rebase',
  'restart',
  'stage',
  'stale',
  'state',
  'track',
  'unlock',
])

/**
 * The verb and what stands behind it, or null. `/muster …` is always ours. A bare verb is ours when we have it, or have
 * one so close that it is a typing error: other bots listen to slashes too, and get no answer from us.
 */
export const addressOf = (line: string, { bare }: LineOptions): Address | null => {
  const prefixed = PREFIXED.exec(line)
  if (prefixed !== null) {
    const words = (prefixed[1] ?? '').trim()
    const [, verb = 'help', rest = ''] = VERB_AND_REST.exec(words) ?? []
    return { verb, rest: rest.trim() }
  }
  const match = bare ? BARE.exec(line) : null
  if (match === null) return null
  const [, verb = '', rest = ''] = match
  const ours = findCommand(verb, 'comment') !== null || findCommand(verb, 'http') !== null
  const isSlip = !OTHERS.has(verb.toLowerCase()) && nearestWord(verb, verbsOn('comment')) !== null
  return ours || isSlip ? { verb, rest: rest.trim() } : null
}

/** The whole rest is one value; quotes around all of it, or the argument's name before them, may be left out. */
const wholeRest = (rest: string, name: string): string => {
  const [only, ...more] = splitWords(rest) ?? []
  const plain = only === undefined || more.length > 0 || (only.key !== null && only.key !== name)
  return plain ? rest : only.value
}

type Given =
  { readonly ok: true; readonly texts: Map<string, string[]> } | { readonly ok: false; readonly problem: ParseProblem }

const placeWords = (row: AnyCommandRow, words: readonly Word[]): Given => {
  const texts = new Map<string, string[]>()
  const places = argumentsOn(row, 'comment').filter(({ positional }) => positional === true)
  const last = places.at(-1)
  const named = new Set(words.map(({ key }) => key))
  for (const { key, value } of words) {
    const free =
      places.find(({ name }) => !texts.has(name) && !named.has(name)) ?? (last?.many === true ? last : undefined)
    const name = key ?? free?.name
    if (name === undefined) {
      const quotable = row.arguments.some(({ type }) => type === 'text')
      return { ok: false, problem: { code: 'unexpected-value', verb: row.verb, value, quotable } }
    }
    const before = texts.get(name)
    if (before === undefined) texts.set(name, [value])
    else before.push(value)
  }
  return { ok: true, texts }
}

/** `line` is trimmed and begins with a slash, as plainLines gives it; null for any other. */
export const parseCommandLine = (line: string, options: LineOptions): ParsedLine | null => {
  const address = addressOf(line, options)
  if (address === null) return null
  const { verb, rest } = address
  const row = findCommand(verb, 'comment')
  if (row === null) return { ok: false, problem: unknownVerb(verb, 'comment') }

  const whole = row.arguments.find((spec) => spec.rest === true)
  if (whole !== undefined) {
    const value = wholeRest(rest, whole.name)
    return bound(row, new Map(rest === '' ? [] : [[whole.name, [value]]]))
  }
  const words = splitWords(rest)
  if (words === null) return { ok: false, problem: { code: 'unclosed-quote', verb: row.verb } }
  const given = placeWords(row, words)
  return given.ok ? bound(row, given.texts) : given
}

const bound = (row: AnyCommandRow, texts: ReadonlyMap<string, readonly string[]>): ParsedLine => {
  const binding = bindArguments(row, 'comment', texts)
  return binding.ok ? { ok: true, row, args: binding.args } : binding
}
