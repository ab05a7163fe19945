/**
 * The small edits that often repair small faults: another comparison, a number one off, a forgotten `+ 1`, swapped
 * arguments. Made from the source's tokens alone, the likelier kinds first; nothing here knows what is wrong.
 */
import { type Token, tokensOf } from './tokens.ts'

export interface Edit {
  readonly kind: EditKind
  readonly at: number
  readonly length: number
  readonly text: string
}

/** Likelier first: this is the order in which they are tried. */
export const EDIT_KINDS = [
  'comparison',
  'offset',
  'number',
  'logic',
  'method',
  'arguments',
  'arithmetic',
  'negation',
] as const
export type EditKind = (typeof EDIT_KINDS)[number]

const COMPARISONS: Swaps = {
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '===': ['!=='],
  '!==': ['==='],
}
const LOGIC: Swaps = { '&&': ['||'], '||': ['&&'], '??': ['||'] }
const ARITHMETIC: Swaps = { '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['/'] }
const METHODS: Swaps = {
  min: ['max'],
  max: ['min'],
  floor: ['ceil', 'round'],
  ceil: ['floor', 'round'],
  round: ['floor', 'ceil'],
  trunc: ['round', 'floor'],
  some: ['every'],
  every: ['some'],
  indexOf: ['lastIndexOf'],
  lastIndexOf: ['indexOf'],
  startsWith: ['endsWith'],
  endsWith: ['startsWith'],
  padStart: ['padEnd'],
  padEnd: ['padStart'],
  push: ['unshift'],
  pop: ['shift'],
  shift: ['pop'],
  replace: ['replaceAll'],
}
type Swaps = Readonly<Record<string, readonly string[]>>

/** Numbers above this are seldom counted by hand, and so seldom one off. */
const LARGEST_COUNT = 1000

export function candidateEdits(source: string): readonly Edit[] {
  const tokens = tokensOf(source)
  const edits = tokens.flatMap((_, index) => editsAt(tokens, index, source))
  return EDIT_KINDS.flatMap((kind) => edits.filter((edit) => edit.kind === kind))
}

export const applyEdit = (source: string, { at, length, text }: Edit): string =>
  source.slice(0, at) + text + source.slice(at + length)

/** `index <= rest` → `index < rest`: the line before and after, for commit messages and logs. */
export function describeEdit(source: string, edit: Edit): string {
  const start = source.lastIndexOf('\n', edit.at - 1) + 1
  const lineOf = (text: string) => text.slice(start).split('\n', 1)[0]?.trim() ?? ''
  return `\`${lineOf(source)}\` becomes \`${lineOf(applyEdit(source, edit))}\``
}

function editsAt(tokens: readonly Token[], index: number, source: string): readonly Edit[] {
  const token = tokens[index]
  if (token === undefined) return []
  const { text, at } = token
  const replace = (kind: EditKind, by: readonly string[] = []): Edit[] =>
    by.map((other) => ({ kind, at, length: text.length, text: other }))
  if (token.kind === 'number') return [...replace('number', neighbours(text)), ...offsets(tokens, index)]
  if (token.kind === 'word') {
    const method = tokens[index - 1]?.text === '.' && Object.hasOwn(METHODS, text) ? METHODS[text] : []
    return [...replace('method', method), ...offsets(tokens, index)]
  }
  if (token.kind !== 'operator') return []
  return [
    ...replace('comparison', COMPARISONS[text]),
    ...replace('logic', LOGIC[text]),
    ...(isBinary(tokens, index) ? replace('arithmetic', ARITHMETIC[text]) : []),
    ...(text === '!' ? replace('negation', ['']) : []),
    ...withoutOffset(tokens, index),
    ...(text === '(' ? [...swappedArguments(tokens, index, source), ...negated(tokens, index, source)] : []),
    ...(text === ')' ? offsets(tokens, index) : []),
  ]
}

function neighbours(text: string): readonly string[] {
  const value = Number(text)
  if (!Number.isInteger(value) || value > LARGEST_COUNT) return []
  return value > 0 ? [String(value - 1), String(value + 1)] : [String(value + 1)]
}

/** After a value: `x` → `x + 1` and `x - 1`, where a value ends an index, an argument or a side of a comparison. */
function offsets(tokens: readonly Token[], index: number): readonly Edit[] {
  const [token, next] = [tokens[index], tokens[index + 1]]
  if (token === undefined || next === undefined) return []
  const ends = next.text === ']' || next.text === ')' || next.text === ',' || Object.hasOwn(COMPARISONS, next.text)
  const ownLine = next.kind === 'word' && token.kind !== 'operator' && isAssigned(tokens, index)
  if (!ends && !ownLine) return []
  const at = token.at + token.text.length
  return [' + 1', ' - 1'].map((text) => ({ kind: 'offset', at, length: 0, text }))
}

/** The whole right side of `const name = value`. */
const isAssigned = (tokens: readonly Token[], index: number): boolean => tokens[index - 1]?.text === '='

/** `x + 1` → `x`. */
function withoutOffset(tokens: readonly Token[], index: number): readonly Edit[] {
  const [sign, number] = [tokens[index], tokens[index + 1]]
  if (sign === undefined || number?.text !== '1' || !isBinary(tokens, index)) return []
  if (sign.text !== '+' && sign.text !== '-') return []
  return [{ kind: 'offset', at: sign.at, length: number.at + 1 - sign.at, text: '' }]
}

function isBinary(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  return before !== undefined && (before.kind !== 'operator' || before.text === ')' || before.text === ']')
}

/** `call(a, b)` → `call(b, a)`. */
function swappedArguments(tokens: readonly Token[], index: number, source: string): readonly Edit[] {
  const end = closing(tokens, index)
  const commas = range(index + 1, end).filter((at) => tokens[at]?.text === ',' && depthAt(tokens, index, at) === 1)
  const [open, comma, close] = [tokens[index], tokens[commas[0] ?? -1], tokens[end]]
  if (open === undefined || comma === undefined || close === undefined || commas.length !== 1) return []
  if (tokens[index - 1]?.kind !== 'word' || tokens[end + 1]?.text === '=>' || tokens[end + 1]?.text === '{') return []
  const first = source.slice(open.at + 1, comma.at).trim()
  const second = source.slice(comma.at + 1, close.at).trim()
  return [{ kind: 'arguments', at: open.at + 1, length: close.at - open.at - 1, text: `${second}, ${first}` }]
}

/** `if (x)` → `if (!(x))`. */
function negated(tokens: readonly Token[], index: number, source: string): readonly Edit[] {
  const [open, close] = [tokens[index], tokens[closing(tokens, index)]]
  if (open === undefined || close === undefined || tokens[index - 1]?.text !== 'if') return []
  const condition = source.slice(open.at + 1, close.at)
  return [{ kind: 'negation', at: open.at + 1, length: condition.length, text: `!(${condition})` }]
}

function closing(tokens: readonly Token[], open: number): number {
  const found = range(open + 1, tokens.length).find((at) => depthAt(tokens, open, at) === 0)
  return found ?? tokens.length
}

/** How many brackets that opened from `open` on are still open behind `at`. */
function depthAt(tokens: readonly Token[], open: number, at: number): number {
  let depth = 0
  for (const { kind, text } of tokens.slice(open, at + 1)) {
    if (kind !== 'operator') continue
    if (text === '(' || text === '[' || text === '{') depth += 1
    if (text === ')' || text === ']' || text === '}') depth -= 1
  }
  return depth
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n)
