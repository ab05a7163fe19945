/** START HERE. Reads the configuration, composes the App, listens, and stops cleanly. */
import { flushCompileCache } from 'node:module'
import { compose } from './compose.ts'
import { type Config, ConfigFault, OWN_ADDRESS, readConfig } from './config.ts'
import { summarise } from './engine/fault.ts'
import { WEBHOOK_PATH } from './inbound/webhook/receive.ts'
import { listen } from './listen.ts'
import { isGitHubFault } from './outbound/github/client/fault.ts'
import { registerAddress } from './outbound/github/register-address.ts'
import { enterWorld } from './store/enter-world.ts'

type App = Awaited<ReturnType<typeof compose>>

const main = async (): Promise<void> => {
  const orphaned = whenOrphaned()
  const config = readConfig()
  const [stray] = config.args
  if (stray !== undefined)
    throw new ConfigFault(`npm start takes flags only, not "${stray}": see README.md for the flags`)
  if (config.found !== null) tell(config.found)
  const moved = await enterWorld(config, config.world, 'set-aside')
  if (moved !== null) tell(moved)
  const app = await compose(config).catch((error: unknown) => {
    throw isGitHubFault(error, 'unreachable') && config.world !== 0 ? noSandbox(config) : error
  })
  await app.claim()
  const door = await listen(app.http.fetch, config, fail)
  await register(app, config, door.url)
  if (config.json) console.log(JSON.stringify({ app: door.url, github: config.apiUrl }))
  else app.log.info('listening', { url: door.url, github: config.apiUrl })
  await app.start()
  // Where NODE_COMPILE_CACHE is set, the next start is to be faster even if this process is killed.
  flushCompileCache()

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    door.close()
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

const noSandbox = ({ apiUrl }: Config): ConfigFault =>
  new ConfigFault(`the sandbox at ${apiUrl} does not answer: start it first, with npm run sandbox`)

const tell = (line: string): void => console.error(`muster: ${line}`)

/** One clear line: what is wrong and what to do. */
const fail = (error: unknown): void => {
  tell(error instanceof Error && 'code' in error ? error.message : summarise(error))
  process.exit(1)
}

main().catch(fail)
