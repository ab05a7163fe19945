/** `POST /v1/commands`: the cheap way in for agents. The same catalogue rows as in comments; JSON in and out; nothing is written to GitHub by asking. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { CarryOutDeps } from '../carried.ts'
import { readRequest } from './read-request.ts'
import { refuse, refuseMethod } from './refuse.ts'
import { runCommand } from './run-command.ts'
import { idempotencyKeyIn, whoCalls } from './who-calls.ts'

export const COMMANDS_PATH = '/v1/commands'

const MAX_BYTES = 262_144

export const createCommandsEndpoint = (deps: CarryOutDeps): Hono =>
  new Hono()
    .post(
      COMMANDS_PATH,
      bodyLimit({
        maxSize: MAX_BYTES,
        onError: () => refuse(413, 'too-large', `The body is above ${MAX_BYTES} bytes.`, 'Send less.'),
      }),
      async ({ req }) => {
        const caller = await whoCalls(deps.engine.store, req.header('authorization'))
        if (caller instanceof Response) return caller
        const wanted = readRequest(await req.text(), req.header('content-type'))
        if (wanted instanceof Response) return wanted
        return runCommand(deps, caller, wanted, idempotencyKeyIn(req.header('idempotency-key')))
      },
    )
    .all(COMMANDS_PATH, ({ req }) => refuseMethod(req.method))
