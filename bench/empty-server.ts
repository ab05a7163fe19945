/** The reference of the App's start: a server on the same libraries that does nothing. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

serve({ fetch: new Hono().get('/', (c) => c.text('ok')).fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(JSON.stringify({ port })),
)
process.on('SIGTERM', () => process.exit(0))
