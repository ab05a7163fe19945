/**
 * Splits HTML into text, opening and closing tags in one pass; comments, doctypes and processing instructions are gone.
 * What is no well-formed tag is text. It judges nothing.
 */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'open'
      readonly tag: string
      readonly attributes: ReadonlyMap<string, string>
      readonly source: string
    }
  | { readonly kind: 'close'; readonly tag: string; readonly source: string }

const ATTRIBUTE = String.raw`[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>\`]+))?`
const TAG = new RegExp(String.raw`<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+${ATTRIBUTE})*)\s*/?>`, 'y')

export function* readHtml(html: string): Generator<Token> {
  let at = 0
  while (at < html.length) {
    const next = html.indexOf('<', at)
    if (next === -1) {
      yield { kind: 'text', text: html.slice(at) }
      return
    }
    if (next > at) yield { kind: 'text', text: html.slice(at, next) }
    const hidden = endOfHidden(html, next)
    if (hidden !== undefined) {
      at = hidden
      continue
    }
    TAG.lastIndex = next
    const match = TAG.exec(html)
    if (!match) {
      yield { kind: 'text', text: '<' }
      at = next + 1
      continue
    }
    const [source, slash, name = '', rest = ''] = match
    const tag = name.toLowerCase()
    yield slash ? { kind: 'close', tag, source } : { kind: 'open', tag, attributes: attributesIn(rest), source }
    at = next + source.length
  }
}

/** Where a comment, `<!…>` or `<?…>` that begins here ends; one that never ends hides the rest, as in a browser. */
function endOfHidden(html: string, at: number): number | undefined {
  if (html.startsWith('<!--', at)) {
    const abrupt = /^-{0,1}>/.exec(html.slice(at + 4, at + 6))
    if (abrupt) return at + 4 + abrupt[0].length
    return after(html, '-->', at + 4)
  }
  return html.startsWith('<!', at) || html.startsWith('<?', at) ? after(html, '>', at + 2) : undefined
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from)
  return found === -1 ? html.length : found + mark.length
}

function attributesIn(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [source] of text.matchAll(new RegExp(ATTRIBUTE, 'g'))) {
    const cut = source.indexOf('=')
    const name = (cut === -1 ? source : source.slice(0, cut)).trim().toLowerCase()
    const value =
      cut === -1
        ? ''
        : source
            .slice(cut + 1)
            .trim()
            .replaceAll(/^["']|["']$/g, '')
    if (!found.has(name)) found.set(name, value)
  }
  return found
}
