/** The App's door: opens it at the configured address, or says why it cannot be opened and what to do. */
import { createAdaptorServer } from '@hono/node-server'
import { type Config, ConfigFault } from './config.ts'

/** Connections that wait to be accepted. Beyond it the kernel lets callers knock again a second later; Node's own is 511. */
const BACKLOG = 4096

export interface Door {
  /** `http://HOST:PORT`, with the port that was chosen when any would do. */
  readonly url: string
  /** Nobody new is let in; who is in is served. */
  close(): void
}

/** Resolves once it is open. `onBroken` hears why it could not be, a ConfigFault for people where that is known, or what broke it later. */
export const listen = async (
  fetch: (request: Request) => Response | Promise<Response>,
  config: Pick<Config, 'host' | 'port'>,
  onBroken: (error: Error) => void,
): Promise<Door> => {
  const { host, port } = config
  const server = createAdaptorServer({ fetch, hostname: host })
  server.on('error', (error) => onBroken(explained(error, config)))
  await new Promise<void>((open) => {
    server.listen({ port, host, backlog: BACKLOG }, open)
  })
  const address = server.address()
  const chosen = typeof address === 'object' && address !== null ? address.port : port
  return { url: `http://${host}:${chosen}`, close: () => void server.close() }
}

const explained = (error: Error, { host, port }: Pick<Config, 'host' | 'port'>): Error => {
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
