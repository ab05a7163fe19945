/** The types that a command's arguments may have: how each is written, and how it is read. Nothing is looked up here. */

import type { Json } from '../../domain/event/canonical-json.ts'
import type { Millis } from '../../domain/event/envelope.ts'
import { FAILURE_CODES, isFailureCode, type FailureCode } from '../../domain/failure/codes.ts'
import { FAILURE_CLASSES, isFailureClass, type FailureClass } from '../../domain/failure/taxonomy.ts'
import { POLICY_VERBS } from '../../domain/policy/rule.ts'
import { FINDING_KINDS } from '../../domain/project/findings.ts'
import { CHECKPOINT_DECISIONS, LINK_KINDS, TIERS, type DetailChanges } from '../../domain/task/details.ts'
import { parseFence } from '../../domain/task/fence.ts'
import { ARTIFACT_KINDS, FAILURE_POLICIES, PRIORITIES } from '../../domain/task/state.ts'
import { parseDuration } from '../../../schemas/duration.ts'
import { nearestWord } from './nearest-word.ts'
import { parseCount, parseMoney, parseSize } from './quantity.ts'
import { readDetails } from './read-details.ts'
import { parseReference } from './reference.ts'
import { parseInstant, parseVersionRange } from './version-range.ts'

export type ReadValue<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `expected` goes on after "must be". */
  | { readonly ok: false; readonly expected: string; readonly suggestion: string | null }

export interface ValueType<Value> {
  /** How it stands in a command's usage line. */
  readonly placeholder: string
  readonly read: (text: string) => ReadValue<Value>
}

/** One sentence, and a paragraph or two: a record holds many of them in 48 KB. */
const MAX_TEXT = 500
const MAX_NOTE = 2_000
const MAX_URL = 2_048
const MAX_PHASE = 60

const STEP_VERBS = ['start', 'finish'] as const

const refuse = (expected: string, suggestion: string | null = null): ReadValue<never> => ({
  ok: false,
  expected,
  suggestion,
})

const nullable = <Value>(
  placeholder: string,
  parse: (text: string) => Value | null,
  expected: string,
): ValueType<Value> => ({
  placeholder,
  read: (text) => {
    const value = parse(text)
    return value === null ? refuse(expected) : { ok: true, value }
  },
})

const oneOf = <Word extends string>(
  placeholder: string,
  words: readonly Word[],
  is: (word: string) => word is Word,
): ValueType<Word> => ({
  placeholder,
  read: (text) => {
    const word = text.toLowerCase()
    return is(word) ? { ok: true, value: word } : refuse(`one of ${words.join(', ')}`, nearestWord(word, words))
  },
})

const among =
  <Word extends string>(words: readonly Word[]) =>
  (word: string): word is Word =>
    (words as readonly string[]).includes(word)

const textUpTo = (placeholder: string, max: number): ValueType<string> => ({
  placeholder,
  read: (text) => {
    const value = text.trim()
    if (value === '') return refuse('some words')
    return value.length > max ? refuse(`at most ${max} characters`) : { ok: true, value }
  },
})

const COST_SCOPES = ['task', 'project'] as const
/** For one line of a card: nothing in it that breaks the line or is not seen. */
const lineUpTo = (placeholder: string, max: number): ValueType<string> => ({
  placeholder,
  read: (text) => {
    const read = textUpTo(placeholder, max).read(text)
    return read.ok && /[\p{Cc}\p{Zl}\p{Zp}]/u.test(read.value) ? refuse('one line') : read
  },
})

/** A time, or one that is known once now is. */
export type Moment = { readonly at: Millis } | { readonly inMs: Millis }

const DAY_MS: Millis = 86_400_000
const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/

const parseMoment = (text: string): Moment | 'none' | null => {
  if (text.toLowerCase() === 'none') return 'none'
  const inMs = parseDuration(text.toLowerCase())
  if (inMs !== null) return { inMs }
  const at = DATE.test(text) ? Date.parse(text) + DAY_MS - 1000 : TIME.test(text) ? Date.parse(text) : Number.NaN
  return at >= 0 ? { at } : null
}

const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const json: ValueType<Json> = {
  placeholder: 'JSON',
  read: (text) => {
    const value = parseJson(text)
    return value === undefined ? refuse('a JSON value') : { ok: true, value }
  },
}

const details: ValueType<DetailChanges> = {
  placeholder: '{…}',
  read: (text) => {
    const read = readDetails(parseJson(text) ?? null)
    return read.ok ? read : refuse(read.expected)
  },
}

const parseInteger = (text: string): number | null => (/^-?\d{1,9}$/.test(text) ? Number(text) : null)

const parsePercent = (text: string): number | null => {
  const value = /^\d{1,3}(?:\.\d{1,2})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
  return value <= 100 ? value : null
}

const parseBlocker = (text: string): number | 'all' | null =>
  text.toLowerCase() === 'all' ? 'all' : (/^[#b]?([1-9]\d{0,5})$/i.exec(text)?.slice(1).map(Number)[0] ?? null)

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

const parseUrl = (text: string): string | null => {
  if (text.length > MAX_URL || !/^https?:\/\//i.test(text)) return null
  const url = URL.parse(text)
  return url === null || url.username !== '' || url.password !== '' ? null : url.href
}

const parseHex = (text: string, length: RegExp): string | null => (length.test(text) ? text.toLowerCase() : null)

export const VALUE_TYPES = {
  text: textUpTo('"…"', MAX_TEXT),
  note: textUpTo('…', MAX_NOTE),
  line: lineUpTo('"…"', MAX_TEXT),
  phase: lineUpTo('NAME', MAX_PHASE),
  tag: nullable('WORD', (text) => (/^[\w./:@+-]{1,50}$/.test(text) ? text : null), 'one word of at most 50 characters'),
  moment: nullable(
    '2d|DATE',
    parseMoment,
    'a date such as 2030-12-24, a time such as 2030-12-24T18:00Z, a duration such as 2d, or none',
  ),
  json,
  details,
  word: nullable('WORD', (text) => (/^[\w./:@+-]{1,100}$/.test(text) ? text : null), 'one word'),
  integer: nullable('N', parseInteger, 'a whole number'),
  count: nullable('N', parseCount, 'a count such as 12000, 12,000 or 12k'),
  percent: nullable('N', parsePercent, 'a number from 0 to 100'),
  size: nullable('BYTES', parseSize, 'a size such as 4096 or 12kb'),
  money: nullable('$N', parseMoney, 'an amount of US dollars such as $5, 0.42 or 5usd'),
  budget: nullable(
    '$N|none',
    (text) => (text.toLowerCase() === 'none' ? 'none' : parseMoney(text)),
    'an amount of US dollars such as $5, 0.42 or 5usd, or none',
  ),
  duration: nullable('90m', (text) => parseDuration(text.toLowerCase()), 'a duration such as 90m, 1h30m or 2d'),
  fence: nullable('FENCE', parseFence, 'a fence as the claim answered it, such as 1.3'),
  sha256: nullable('SHA256', (text) => parseHex(text, /^[0-9a-f]{64}$/i), '64 hex digits'),
  head: nullable(
    'SHA',
    (text) => parseHex(text, /^[0-9a-f]{7,40}$/i),
    'a commit id, or its first digits: 7 to 40 hex digits',
  ),
  gate: nullable(
    'NAME',
    (text) => (/^[a-z0-9][\w.-]{0,49}$/i.test(text) ? text : null),
    'the name of a gate: letters, digits, and . _ -, at most 50',
  ),
  'policy-verb': oneOf('ACTION', POLICY_VERBS, among(POLICY_VERBS)),
  commit: nullable('SHA', (text) => parseHex(text, /^[0-9a-f]{40}$/i), 'a whole commit id of 40 hex digits'),
  url: nullable('URL', parseUrl, 'an address that begins with https:// and holds no password'),
  agent: nullable(
    'ID',
    (text) => /^@?([\w.[\]-]{1,64})$/.exec(text)?.[1] ?? null,
    'an agent id: letters, digits, and . _ - [ ], at most 64',
  ),
  reference: nullable('#12', parseReference, 'a task such as #12, DEV-12, owner/repo#3 or its address'),
  parent: nullable(
    '#12|none',
    (text) => (text.toLowerCase() === 'none' ? 'none' : parseReference(text)),
    'a task such as #12, DEV-12, owner/repo#3 or its address, or none',
  ),
  blocker: nullable('N|all', parseBlocker, 'the number of a blocker, or all'),
  'cost-scope': oneOf('task|project', COST_SCOPES, among(COST_SCOPES)),
  now: oneOf('now', ['now'], among(['now'])),
  priority: oneOf('p0…p3', PRIORITIES, among(PRIORITIES)),
  'failure-policy': oneOf('wait|fail|drop', FAILURE_POLICIES, among(FAILURE_POLICIES)),
  versions: nullable('3..9', parseVersionRange, 'two versions such as 3..9, the earlier one first'),
  instant: nullable('TIME', parseInstant, 'a time with its zone such as 2030-01-31T12:00:00Z'),
  flag: nullable('true|false', (text) => FLAGS.get(text.toLowerCase()) ?? null, 'true or false'),
  step: nullable(
    'ID',
    (text) => (/^[\w-]{1,40}$/.test(text) ? text : null),
    'the id of a step: letters, digits, _ and -',
  ),
  'step-verb': oneOf('start|finish', STEP_VERBS, among(STEP_VERBS)),
  decision: oneOf('retry|skip|fail', CHECKPOINT_DECISIONS, among(CHECKPOINT_DECISIONS)),
  'finding-kind': oneOf('KIND', FINDING_KINDS, among(FINDING_KINDS)),
  tier: oneOf('simple|medium|complex', TIERS, among(TIERS)),
  'link-kind': oneOf('KIND', LINK_KINDS, among(LINK_KINDS)),
  'artifact-kind': oneOf('KIND', ARTIFACT_KINDS, among(ARTIFACT_KINDS)),
  'failure-class': oneOf<FailureClass>('CLASS', FAILURE_CLASSES, isFailureClass),
  'failure-code': oneOf<FailureCode>('CODE', Object.keys(FAILURE_CODES).filter(isFailureCode), isFailureCode),
} as const satisfies Record<string, ValueType<unknown>>

export type ValueTypeName = keyof typeof VALUE_TYPES

/** What an argument of the type is, once read. */
export type ValueOf<Name extends ValueTypeName> =
  (typeof VALUE_TYPES)[Name] extends ValueType<infer Value> ? Value : never
