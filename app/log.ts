/** The App's log: JSON lines on standard error through pino, so that standard output stays free for results. */
import { pino, type DestinationStream, type Logger } from 'pino'
import type { Log } from './engine/log.ts'
import type { StoreConfig } from './config.ts'
import { oneLine } from './domain/text/one-line.ts'

/** Whatever text is logged is bounded, holds no secret of a known shape and nothing that is not seen: others wrote much of it. */
export const createPino = (
  level: StoreConfig['logLevel'],
  to: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger =>
  pino(
    {
      level,
      base: null,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) =>
          Object.fromEntries(
            Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? oneLine(value) : value]),
          ),
      },
    },
    to,
  )

export const createLog = (to: Logger): Log => ({
  debug: (message, fields) => to.debug(fields ?? {}, message),
  info: (message, fields) => to.info(fields ?? {}, message),
  warn: (message, fields) => to.warn(fields ?? {}, message),
  error: (message, fields) => to.error(fields ?? {}, message),
})
