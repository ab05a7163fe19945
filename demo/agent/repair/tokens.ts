/**
 * JavaScript source → tokens with their places, enough to edit operators, numbers and calls. It does not parse: strings,
 * templates and regular expressions are one token each and are never looked into.
 */
export interface Token {
  readonly kind: 'word' | 'number' | 'operator' | 'text'
  readonly text: string
  readonly at: number
}

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
const WORD = /[\p{L}_$#][\p{L}\p{N}_$]*/uy
const NUMBER = /0[xob][\da-f_]+n?|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?n?/iy
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const OPERATOR =
  /\?\?=|\*\*=|>>>|===|!==|\.\.\.|&&=|\|\|=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|[-+*/%&|]=|\*\*|<<|>>|./sy

/** After these words a slash begins a regular expression. */
const BEFORE_VALUE = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'await'])

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0]
  }
  while (at < source.length) {
    const space = take(SPACE)
    if (space !== undefined) {
      at += space.length
      continue
    }
    const token = nextToken(source, at, take, tokens.at(-1))
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function nextToken(
  source: string,
  at: number,
  take: (pattern: RegExp) => string | undefined,
  last: Token | undefined,
): Token {
  const word = take(WORD)
  if (word !== undefined) return { kind: 'word', text: word, at }
  const number = take(NUMBER)
  if (number !== undefined) return { kind: 'number', text: number, at }
  const string = source[at] === '`' ? source.slice(at, templateEnd(source, at)) : take(STRING)
  if (string !== undefined) return { kind: 'text', text: string, at }
  const regex = startsValue(last) ? take(REGEX) : undefined
  if (regex !== undefined) return { kind: 'text', text: regex, at }
  return { kind: 'operator', text: take(OPERATOR) ?? source.slice(at, at + 1), at }
}

function startsValue(last: Token | undefined): boolean {
  if (last === undefined) return true
  if (last.kind === 'operator') return last.text !== ')' && last.text !== ']' && last.text !== '}'
  return last.kind === 'word' && BEFORE_VALUE.has(last.text)
}

/** Where a template that starts here ends, with the templates inside its `${…}`. */
function templateEnd(source: string, start: number): number {
  let at = start + 1
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 2
    else if (source.startsWith('${', at)) at = expressionEnd(source, at + 2)
    else at += 1
  }
  return at + 1
}

function expressionEnd(source: string, start: number): number {
  let depth = 1
  let at = start
  while (at < source.length && depth > 0) {
    if (source[at] === '`') {
      at = templateEnd(source, at)
      continue
    }
    if (source[at] === '{') depth += 1
    if (source[at] === '}') depth -= 1
    at += 1
  }
  return at
}
