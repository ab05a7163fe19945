/** START HERE. Reads the configuration, composes the App, listens, and stops cleanly. */
import { flushCompileCache } from 'node:module'
import { createAdaptorServer } from '@hono/node-server'
import { compose } from './compose.ts'
import { readConfig } from './config.ts'
import { summarise } from './engine/fault.ts'

/** Connections that wait to be accepted. Beyond it the kernel lets callers knock again a second later; Node's own is 511. */
const BACKLOG = 4096

const main = async (): Promise<void> => {
  const config = readConfig()
  const app = await compose(config)
  await app.claim()
  const server = createAdaptorServer({ fetch: app.http.fetch, hostname: config.host })
  server.listen({ port: config.port, host: config.host, backlog: BACKLOG }, () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : config.port
    const url = `http://${config.host}:${port}`
    if (config.json) console.log(JSON.stringify({ app: url, github: config.apiUrl }))
    else app.log.info('listening', { url, github: config.apiUrl })
  })
  server.on('error', (error) => fail(error))
  await app.start()
  // Where NODE_COMPILE_CACHE is set, the next start is to be faster even if this process is killed.
  flushCompileCache()

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    server.close()
    void app.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** One clear line: what is wrong and what to do. */
const fail = (error: unknown): void => {
  console.error(`muster: ${error instanceof Error && 'code' in error ? error.message : summarise(error)}`)
  process.exit(1)
}

main().catch(fail)
