/**
 * Markdown as GitHub shows it in comments. The parser may pass raw HTML through: nothing reaches a page but what
 * clean-html.ts writes anew.
 */
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { cleanHtml, encode } from './clean-html.ts'
import { isIntricate } from './is-intricate.ts'
import { linkReferences, type ReferencePlace } from './link-references.ts'

const OPTIONS = { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] }
/** A thread is drawn again every few seconds; its texts seldom change. */
const KEPT = 400
const parsed = new Map<string, string>()

/** Safe HTML. */
export function renderMarkdown(place: ReferencePlace, text: string): string {
  if (isIntricate(text)) return `<p class="note">Shown as it was written: too many marks.</p><pre>${encode(text)}</pre>`
  return labelDiagrams(cleanHtml(parse(text), (encoded) => linkReferences(place, encoded)))
}

function parse(text: string): string {
  const known = parsed.get(text)
  const html = known ?? micromark(text.replaceAll('\r\n', '\n'), OPTIONS)
  parsed.delete(text)
  parsed.set(text, html)
  const oldest = parsed.size > KEPT ? parsed.keys().next().value : undefined
  if (oldest !== undefined) parsed.delete(oldest)
  return html
}

/** Mermaid is not drawn here: its source is shown under its name. A source is text alone: what holds elements is none. */
function labelDiagrams(html: string): string {
  return html.replaceAll(
    /<pre><code class="language-mermaid">([^<]*)<\/code><\/pre>/g,
    '<figure class="diagram"><figcaption>Diagram (Mermaid)</figcaption><pre><code>$1</code></pre></figure>',
  )
}
