/** YAML text to settings, strictly: every problem with its line, column and what was probably meant. Never throws on bad input. */
import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { configurationSchema, type Configuration } from '../../../schemas/configuration.ts'
import { nearestWord } from '../catalogue/nearest-word.ts'
import { groupProblems, MISPLACED, type GroupProblem } from './groups-from.ts'

export interface ConfigurationProblem {
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly message: string
}

export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] }

/** More is not a configuration; the parser's work is bounded with it. */
const MAX_LENGTH = 65_536
/** YAML aliases can grow a small file without bound; none are needed here. */
const MAX_ALIASES = 0

/** `account`: login of the account whose own file it is; null: it is a repository's, where some keys have no place. */
export const parseConfiguration = (text: string, account: string | null = null): ParsedConfiguration => {
  if (text.length > MAX_LENGTH) {
    return failed({ line: 1, column: 1, message: `the file is longer than ${MAX_LENGTH} characters; shorten it` })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (document.errors.length > 0) {
    return failed(...document.errors.map((error) => ({ ...at(error.pos[0]), message: firstLine(error.message) })))
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
  } catch {
    return failed({ line: 1, column: 1, message: 'aliases (*name) are not supported; write the value out' })
  }
  const told = ({ path, first, message }: GroupProblem): ConfigurationProblem => {
    const other = first === undefined ? '' : ` (the other is in line ${at(offsetOf(document, first)).line})`
    return { ...at(offsetOf(document, path)), message: `${path.join('.')} ${message}${other}` }
  }
  const misplaced = account === null && document.has(MISPLACED.path[0])
  const parsed = configurationSchema.safeParse(value)
  if (parsed.success) {
    const problems = misplaced ? [MISPLACED] : account === null ? [] : groupProblems(parsed.data.portfolios, account)
    return problems.length > 0 ? failed(...problems.map(told)) : { ok: true, configuration: parsed.data }
  }
  return failed(
    ...(misplaced ? [told(MISPLACED)] : []),
    ...parsed.error.issues.flatMap((issue) => {
      const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
      // How it is written does not matter where it has no place.
      if (misplaced && path[0] === MISPLACED.path[0]) return []
      if (issue.code !== 'unrecognized_keys') {
        return [{ ...at(offsetOf(document, path)), message: `${path.join('.') || 'the file'} ${plain(issue.message)}` }]
      }
      const known = knownKeys(path).filter((key) => account !== null || path.length > 0 || key !== MISPLACED.path[0])
      return issue.keys.map((key) => {
        const near = nearestWord(key, known)
        const hint = near === null ? `allowed here: ${known.join(', ')}` : `did you mean "${near}"?`
        return { ...at(offsetOf(document, [...path, key])), message: `unknown key "${key}"; ${hint}` }
      })
    }),
  )
}

const failed = (...problems: readonly ConfigurationProblem[]): ParsedConfiguration => ({ ok: false, problems })

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message

const plain = (message: string): string => message.replace(/^Invalid (input|option|string): /, 'is wrong: ')

/** Where the key (or, when there is none, the value) at the path starts in the text. */
const offsetOf = (document: Document, path: readonly (string | number)[]): number => {
  const parent = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last)
    if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0
  }
  const node = document.getIn(path, true)
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
}

const schema = z.toJSONSchema(configurationSchema) as SchemaNode

/** The keys that the schema allows at a path. */
const knownKeys = (path: readonly (string | number)[]): readonly string[] =>
  Object.keys(path.reduce<SchemaNode>(inside, schema).properties ?? {})

const inside = (node: SchemaNode, part: string | number): SchemaNode => {
  if (typeof part === 'number') return node.items ?? {}
  const other = typeof node.additionalProperties === 'object' ? node.additionalProperties : {}
  return node.properties?.[part] ?? other
}
