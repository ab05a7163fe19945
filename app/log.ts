/** The App's log: JSON lines on standard error through pino, so that standard output stays free for results. */
import { pino, type Logger } from 'pino'
import type { Log } from './engine/log.ts'
import type { StoreConfig } from './config.ts'
import { redact } from './domain/text/redact.ts'

/** Every text that is logged goes through the same redaction as every text that is published. */
export const createPino = (level: StoreConfig['logLevel']): Logger =>
  pino(
    {
      level,
      base: null,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) =>
          Object.fromEntries(
            Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? redact(value) : value]),
          ),
      },
    },
    pino.destination({ fd: 2, sync: true }),
  )

export const createLog = (to: Logger): Log => ({
  debug: (message, fields) => to.debug(fields ?? {}, message),
  info: (message, fields) => to.info(fields ?? {}, message),
  warn: (message, fields) => to.warn(fields ?? {}, message),
  error: (message, fields) => to.error(fields ?? {}, message),
})
