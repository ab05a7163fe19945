/**
 * Pages are for the person at this machine: asked from loopback, under a loopback name (a page elsewhere could point its
 * own name at 127.0.0.1), and forms only from a page of this very address.
 */
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])

export function isFromThisMachine(c: Context): boolean {
  const { address } = getConnInfo(c).remote
  return address !== undefined && LOOPBACK.has(address) && NAMES.has(new URL(c.req.url).hostname)
}

/** Browsers send Origin, and most of them Sec-Fetch-Site, with every form. */
export function isFromOwnPage(c: Context): boolean {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  return (
    (origin === undefined || origin === new URL(c.req.url).origin) &&
    (site === undefined || site === 'same-origin' || site === 'none')
  )
}
