/** The reference of a burst: Probot as its documentation runs it, with a handler that does nothing, in a process of its own. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createNodeMiddleware, Probot } from 'probot'
import { WEBHOOK_PATH } from '../app/inbound/webhook/receive.ts'
import { createAppKeys } from '../app/sandbox/app-keys.ts'

/** So that the queue of new connections is no difference. */
const BACKLOG = 4096

const [secret = ''] = process.argv.slice(2)
const probot = new Probot({ appId: 1, privateKey: createAppKeys().privateKey, secret, logLevel: 'fatal' })
const middleware = await createNodeMiddleware((app) => app.onAny(() => undefined), {
  probot,
  webhooksPath: WEBHOOK_PATH,
})
const server = createServer((req, res) => void middleware(req, res))
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
})
process.on('SIGTERM', () => process.exit(0))
