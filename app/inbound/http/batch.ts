/**
 * `POST /v1/batch`: many commands in one request, each as if it had been sent to `/v1/commands` on its own: one transaction
 * each, its own result, and none hurts another. There is no transaction over several tasks.
 */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import type { Log } from '../../engine/log.ts'
import type { Clock } from '../../engine/ports.ts'
import { batchKeySchema, MOST_COMMANDS } from '../../../schemas/http-batch.ts'
import type { CarryOutDeps } from '../carried.ts'
import { answerFault } from './answer-fault.ts'
import { runInOrder } from './batch-order.ts'
import { tasksNamedIn } from './batch-tasks.ts'
import { readCommand, readJson } from './read-request.ts'
import { refuse, refuseMethod } from './refuse.ts'
import { runCommand } from './run-command.ts'
import { idempotencyKeyIn, whoCalls, type Caller } from './who-calls.ts'

export const BATCH_PATH = '/v1/batch'

export type BatchDeps = CarryOutDeps & { readonly log: Log; readonly clock: Clock }

const MAX_BYTES = 1_048_576
/** More at a time would only wait for each other in the database. */
const AT_A_TIME = 8

const EXAMPLE = '{"commands": [{"verb": "task", "task": 12}, {"verb": "depends", "task": 12, "args": {"on": [11]}}]}'

/** The commands themselves are read one by one: a wrong one is a wrong result, not a wrong batch. */
const shellSchema = z.strictObject({ commands: z.array(z.unknown()).min(1).max(MOST_COMMANDS) })

export const createBatchEndpoint = (deps: BatchDeps): Hono =>
  new Hono()
    .post(
      BATCH_PATH,
      bodyLimit({
        maxSize: MAX_BYTES,
        onError: () =>
          refuse(413, 'too-large', `The body is above ${MAX_BYTES} bytes.`, 'Send fewer commands at once.'),
      }),
      async ({ req }) => {
        const caller = await whoCalls(deps.engine.store, req.header('authorization'))
        if (caller instanceof Response) return caller
        const read = readJson(await req.text(), req.header('content-type'), EXAMPLE)
        if (read instanceof Response) return read
        const shell = shellSchema.safeParse(read.value)
        if (!shell.success) {
          const message = `commands must be a list of 1 to ${MOST_COMMANDS} commands, and stand alone.`
          return refuse(400, 'bad-request', message, `Send JSON such as \`${EXAMPLE}\`.`)
        }
        const key = idempotencyKeyIn(req.header('idempotency-key'))
        return answer(await runAll(deps, caller, shell.data.commands, key))
      },
    )
    .all(BATCH_PATH, ({ req }) => refuseMethod(req.method))

const runAll = (
  deps: BatchDeps,
  caller: Caller,
  items: readonly unknown[],
  key: string | null,
): Promise<readonly Response[]> =>
  runInOrder(items, tasksNamedIn, AT_A_TIME, async (item, at) => {
    try {
      // No key of a request has a `#`: this one is nobody else's.
      return await runItem(deps, caller, item, key === null ? null : `${key}#${at}`)
    } catch (error) {
      return answerFault(deps, error, { path: BATCH_PATH, at })
    }
  })

const runItem = (
  deps: BatchDeps,
  caller: Caller,
  item: unknown,
  ownKey: string | null,
): Promise<Response> | Response => {
  const { key: given, rest } = withoutKey(item)
  const key = given === undefined ? { success: true as const, data: ownKey } : batchKeySchema.safeParse(given)
  if (!key.success) {
    const next = 'Give it up to 200 letters, digits and . _ : / + = - of yours, or leave it out.'
    return refuse(400, 'bad-request', 'key is not written as it should be.', next)
  }
  const wanted = readCommand(rest)
  return wanted instanceof Response ? wanted : runCommand(deps, caller, wanted, key.data)
}

const withoutKey = (item: unknown): { readonly key?: unknown; readonly rest: unknown } => {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return { rest: item }
  const { key, ...rest } = item as Readonly<Record<string, unknown>>
  return key === undefined ? { rest } : { key, rest }
}

/** Results in the order of the commands, each with the status and the body that it would have had alone. */
const answer = async (responses: readonly Response[]): Promise<Response> => {
  const results = await Promise.all(
    responses.map(async (response) => {
      const wait = response.headers.get('retry-after')
      return {
        status: response.status,
        ...((await response.json()) as object),
        ...(wait === null ? {} : { retry_after: Number(wait) }),
      }
    }),
  )
  return Response.json({ ok: results.every(({ status }) => status < 300), results }, { status: 207 })
}
