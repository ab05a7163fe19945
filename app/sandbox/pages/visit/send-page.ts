/** Sends a page under a policy that lets nothing run or load but the sandbox's own two files; 304 when it did not change. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { layout, type Page } from './layout.ts'
import type { Visit } from './visit.ts'

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

export async function sendPage(c: Context, visit: Visit, page: Page): Promise<Response> {
  const version = createHash('sha256')
    .update(`${page.title}\n${String(await page.main)}`)
    .digest('base64url')
    .slice(0, 22)
  const headers = { ...PAGE_HEADERS, 'cache-control': 'no-store', etag: `"${version}"` }
  if (c.req.header('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
  const text = String(await layout(visit, page, version))
  // `c.body` and no bare Response: it brings the cookie of a fresh login page along.
  const status = (page.status ?? 200) as ContentfulStatusCode
  return c.body(text, status, { ...headers, 'content-type': 'text/html; charset=utf-8' })
}
