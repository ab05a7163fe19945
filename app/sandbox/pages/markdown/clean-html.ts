/**
 * The only way of foreign HTML onto a page: written anew, tag by tag, from the allow-list; text and attribute values are
 * encoded again. Every element it opens it closes, so that no comment can reach beyond itself.
 */
import { ALLOWED, BLOCKS, SHOWN_AS_TEXT, VOID_TAGS } from './allowed-html.ts'
import { readHtml, type Token } from './read-html.ts'

/** Gets encoded text outside of links and code; answers with HTML. */
export type LinkText = (encoded: string) => string

/** Deeper elements are dropped: browsers and people are lost there. */
const MAX_DEPTH = 100
const LITERAL = new Set(['a', 'code', 'pre', 'kbd', 'samp', 'tt'])

export function cleanHtml(html: string, linkText: LinkText = (encoded) => encoded): string {
  const out: string[] = []
  const open: string[] = []
  let afterBreak = false

  const close = (tag: string) => {
    if (!open.includes(tag)) return
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      out.push(`</${last}>`)
      if (last === tag) return
    }
  }
  const text = (raw: string) => {
    const encoded = encode(raw)
    const literal = open.some((tag) => LITERAL.has(tag))
    const linked = literal ? encoded : linkText(encoded)
    out.push(open.includes('pre') ? linked : breakLines(linked, open, afterBreak))
  }
  const openTag = (token: Extract<Token, { kind: 'open' }>) => {
    const { tag } = token
    if (SHOWN_AS_TEXT.has(tag)) return text(token.source)
    if (!Object.hasOwn(ALLOWED, tag) || (open.length >= MAX_DEPTH && !VOID_TAGS.has(tag))) return
    if (tag === 'a') close('a')
    out.push(render(tag, token.attributes))
    if (!VOID_TAGS.has(tag)) open.push(tag)
  }

  for (const token of readHtml(html)) {
    if (token.kind === 'text') text(token.text)
    else if (token.kind === 'open') openTag(token)
    else if (SHOWN_AS_TEXT.has(token.tag)) text(token.source)
    else close(token.tag)
    afterBreak = token.kind === 'open' && token.tag === 'br'
  }
  return (
    out.join('') +
    open
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join('')
  )
}

/** GitHub's comments keep their line breaks, unlike plain Markdown. */
function breakLines(text: string, open: readonly string[], afterBreak: boolean): string {
  const block = open.findLast((tag) => BLOCKS.has(tag))
  const first = afterBreak ? text.replace(/^\n/, '') : text
  if (block === 'p') return first.replaceAll('\n', '<br>\n')
  return block === 'li' ? first.replaceAll(/(?<=\S)\n(?=\S)/g, '<br>\n') : first
}

function render(tag: string, attributes: ReadonlyMap<string, string>): string {
  const checks = ALLOWED[tag] ?? {}
  const kept = [...attributes].filter(([name, value]) => Object.hasOwn(checks, name) && checks[name]?.(value))
  if (tag === 'img') return picture(new Map(kept))
  const shown = kept.map(([name, value]) => ` ${name}="${encode(value)}"`).join('')
  const own = tag === 'a' ? ' rel="nofollow noopener noreferrer"' : tag === 'input' ? ' type="checkbox" disabled' : ''
  return `<${tag}${tag === 'input' ? shown.replace(' type="checkbox"', '') : shown}${own}>`
}

function picture(attributes: ReadonlyMap<string, string>): string {
  const words = encode(attributes.get('alt') || 'picture')
  const src = attributes.get('src')
  return src === undefined
    ? `<span class="picture">${words}</span>`
    : `<a class="picture" href="${encode(src)}" rel="nofollow noopener noreferrer">${words}</a>`
}

/** Makes text harmless between tags and in quotes; what is an entity already stays one. */
export function encode(text: string): string {
  return text
    .replaceAll(/&(?!(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
