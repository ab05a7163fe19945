/** The style sheet, the two scripts, the icon, and the colours of labels. The same for everyone. */
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { PAGE_HEADERS } from './visit/send-page.ts'

/** Name on the page, type, and the files it is put together from. */
const ASSETS = [
  ['style.css', 'text/css; charset=utf-8', ['frame.css', 'thread.css', 'forms.css', 'lists-and-code.css']],
  ['refresh.js', 'text/javascript; charset=utf-8', ['refresh.js']],
  ['send-by-keys.js', 'text/javascript; charset=utf-8', ['send-by-keys.js']],
  ['icon.svg', 'image/svg+xml', ['icon.svg']],
] as const

export function mountAssets(http: Hono): void {
  for (const [name, type, files] of ASSETS) {
    const text = files.map((file) => readFileSync(new URL(`./assets/${file}`, import.meta.url), 'utf8')).join('\n')
    const headers = { ...PAGE_HEADERS, 'content-type': type, 'cache-control': 'no-cache' }
    http.get(`/_pages/${name}`, (c) => c.body(text, 200, headers))
  }
  http.get('/_pages/colours/:list{[0-9a-f]{6}(?:-[0-9a-f]{6})*\\.css}', (c) =>
    c.body(c.req.param('list').slice(0, -'.css'.length).split('-').map(colourRule).join('\n'), 200, {
      ...PAGE_HEADERS,
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'max-age=86400',
    }),
  )
  // Browsers ask for these by themselves; the API does not know them.
  http.get('/favicon.ico', (c) => c.redirect('/_pages/icon.svg', 302))
  http.get('/.well-known/*', (c) => c.text('Not Found', 404))
}

/** Black or white letters, whichever can be read on the label's colour (brightness as W3C's old formula has it). */
function colourRule(hex: string): string {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16)
  const brightness = (part(0) * 299 + part(2) * 587 + part(4) * 114) / 1000
  return `.c-${hex}{background:#${hex};color:${brightness > 140 ? '#1f2328' : '#fff'}}`
}
