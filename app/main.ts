/** START HERE. Reads the configuration, composes the App, listens, and stops cleanly. */
import { flushCompileCache } from 'node:module'
import { createAdaptorServer } from '@hono/node-server'
import { compose } from './compose.ts'
import { type Config, ConfigFault, OWN_ADDRESS, readConfig } from './config.ts'
import { summarise } from './engine/fault.ts'
import { WEBHOOK_PATH } from './inbound/webhook/receive.ts'
import { registerAddress } from './outbound/github/register-address.ts'
import { enterWorld } from './store/enter-world.ts'

/** Connections that wait to be accepted. Beyond it the kernel lets callers knock again a second later; Node's own is 511. */
const BACKLOG = 4096

type App = Awaited<ReturnType<typeof compose>>

const main = async (): Promise<void> => {
  const orphaned = whenOrphaned()
  const config = readConfig()
  if (config.found !== null) tell(config.found)
  const moved = await enterWorld(config, config.world, 'set-aside')
  if (moved !== null) tell(moved)
  const app = await compose(config)
  await app.claim()
  const server = createAdaptorServer({ fetch: app.http.fetch, hostname: config.host })
  server.on('error', (error) => fail(unheard(error, config)))
  await new Promise<void>((listening) => {
    server.listen({ port: config.port, host: config.host, backlog: BACKLOG }, listening)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  const url = `http://${config.host}:${port}`
  await register(app, config, url)
  if (config.json) console.log(JSON.stringify({ app: url, github: config.apiUrl }))
  else app.log.info('listening', { url, github: config.apiUrl })
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
  void orphaned.then(stop)
}

/** A process that was started with a channel to its parent, as `npm run dev` does, ends with it, however that ended. */
const whenOrphaned = (): Promise<void> => new Promise((resolve) => process.once('disconnect', resolve))

/** GitHub learns where we are before we say that we are ready, and before what it could not deliver is asked for again. */
const register = async ({ github, log }: App, { publicUrl }: Config, own: string): Promise<void> => {
  if (publicUrl === null) return
  const base = publicUrl === OWN_ADDRESS ? own : publicUrl.replace(/\/+$/, '')
  try {
    await registerAddress(github, base + WEBHOOK_PATH)
  } catch (error) {
    log.warn('the webhook address could not be set on GitHub', { url: base + WEBHOOK_PATH, error: summarise(error) })
  }
}

/** The reasons why nothing can be heard at an address, with what to do; any other error as it is. */
const unheard = (error: Error, { host, port }: Config): Error => {
  switch ('code' in error ? error.code : null) {
    case 'EADDRINUSE':
      return new ConfigFault(`port ${port} is taken: stop what listens there, or use --port 0 for a free one`)
    case 'EACCES':
      return new ConfigFault(`port ${port} needs more rights: use one above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigFault(`${host} is no address of this machine: use --host 127.0.0.1, or 0.0.0.0 for all`)
    default:
      return error
  }
}

const tell = (line: string): void => console.error(`muster: ${line}`)

/** One clear line: what is wrong and what to do. */
const fail = (error: unknown): void => {
  tell(error instanceof Error && 'code' in error ? error.message : summarise(error))
  process.exit(1)
}

main().catch(fail)
