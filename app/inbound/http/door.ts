/** The root of all routes: whatever goes wrong behind it, or was never there, is answered in JSON with a next step. */
import { Hono } from 'hono'
import type { Log } from '../../engine/log.ts'
import type { Clock } from '../../engine/ports.ts'
import { foreign } from '../telling.ts'
import { answerFault } from './answer-fault.ts'
import { refuse } from './refuse.ts'

export const createDoor = ({ log, clock }: { readonly log: Log; readonly clock: Clock }): Hono =>
  new Hono()
    .onError((error, { req }) => answerFault({ log, clock }, error, { method: req.method, path: req.path }))
    .notFound(({ req }) => {
      const message = `There is no ${foreign(req.method, 20)} ${foreign(req.path, 100)} here.`
      return refuse(
        404,
        'unknown-route',
        message,
        'Agents send POST /v1/commands or /v1/batch; GET /healthz says how Muster is.',
      )
    })
