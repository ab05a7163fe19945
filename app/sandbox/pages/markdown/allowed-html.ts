/** Which tags and attributes a comment may put on a page, after GitHub's own list. What is not here is not shown. */

/** Raw-text elements: shown as text, since a browser would not parse what they hold. */
export const SHOWN_AS_TEXT = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
])

export const VOID_TAGS = new Set(['br', 'hr', 'input', 'img'])

/** Blocks inside which a line break has its own meaning (or none). */
export const BLOCKS = new Set(['p', 'li', 'td', 'th', 'pre', 'blockquote', 'details', 'summary', 'div', 'table', 'tr'])

const address = (value: string): boolean =>
  // Letters of a scheme must stand there in plain sight: `java&#115;cript:` or a tab inside does not pass.
  /^(?:https?:\/\/|mailto:|\/(?![/\\])|#)[^\s<>"'`\\]*$/i.test(value) ||
  /^[\w][\w./-]*(?:[?#][^\s<>"'`\\]*)?$/.test(value)

const oneOf =
  (...words: readonly string[]) =>
  (value: string) =>
    words.includes(value)

type Check = (value: string) => boolean

const NONE: Readonly<Record<string, Check>> = {}
const CELL = { align: oneOf('left', 'center', 'right'), colspan: isCount, rowspan: isCount }
const FOOTNOTE = (value: string) => /^user-content-fn(?:ref)?-[\w-]{1,80}$/.test(value)

/** Tag → attribute → whether its (still encoded) value may stand. Without a `Check` an attribute is dropped. */
export const ALLOWED: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  a: { href: address, title: () => true, id: FOOTNOTE },
  blockquote: NONE,
  br: NONE,
  code: { class: (value) => /^language-[\w+#.-]{1,40}$/.test(value) },
  dd: NONE,
  del: NONE,
  details: { open: () => true },
  div: { align: CELL.align },
  dl: NONE,
  dt: NONE,
  em: NONE,
  b: NONE,
  h1: NONE,
  h2: NONE,
  h3: NONE,
  h4: NONE,
  h5: NONE,
  h6: NONE,
  hr: NONE,
  i: NONE,
  // Pictures are shown as links to them: a page that loads them would tell their host who reads it.
  img: { src: address, alt: () => true, title: () => true },
  input: { type: oneOf('checkbox'), checked: () => true },
  ins: NONE,
  kbd: NONE,
  li: { id: FOOTNOTE },
  ol: { start: isCount },
  p: NONE,
  pre: NONE,
  s: NONE,
  samp: NONE,
  section: NONE,
  strong: NONE,
  sub: NONE,
  summary: NONE,
  sup: NONE,
  table: NONE,
  tbody: NONE,
  td: CELL,
  tfoot: NONE,
  th: CELL,
  thead: NONE,
  tr: NONE,
  tt: NONE,
  ul: NONE,
  var: NONE,
}

function isCount(value: string): boolean {
  return /^\d{1,9}$/.test(value)
}
