/** The oracle: the same lines, told by micromark's tokens. Only for short texts; it is quadratic and worse on hostile ones. */
import { parse, postprocess, preprocess } from 'micromark'

/** Tokens in which a line's text is not plain. */
const HIDDEN = new Set([
  'blockQuote',
  'codeText',
  'htmlText',
  'autolink',
  'resource',
  'reference',
  'definition',
  'image',
  'setextHeading',
])

export interface OracleLine {
  readonly number: number
  /** In a paragraph and in nothing hidden. */
  readonly plain: boolean
}

/** For every line whose first character that is no blank is a slash. */
export const oracleLines = (text: string): readonly OracleLine[] => {
  const events = postprocess(
    parse()
      .document()
      .write(preprocess()(text, undefined, true)),
  )
  const starts = new Map<number, number>()
  for (const match of text.matchAll(/(?:^|\r\n|\n|\r)(?:\uFEFF)?[ \t]*(?=\/)/g)) {
    const at = match.index + match[0].length
    starts.set(at, text.slice(0, at).split(/\r\n|\n|\r/).length)
  }
  const around = new Map<number, Set<string>>([...starts.keys()].map((at) => [at, new Set<string>()]))
  for (const [kind, token] of events) {
    if (kind !== 'enter') continue
    for (const [at, names] of around) {
      if (token.start.offset <= at && at < token.end.offset) names.add(token.type)
    }
  }
  return [...starts].map(([at, number]) => {
    const names = around.get(at) ?? new Set()
    return { number, plain: names.has('paragraph') && [...names].every((name) => !HIDDEN.has(name)) }
  })
}
