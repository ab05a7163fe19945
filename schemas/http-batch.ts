/** `POST /v1/batch`: many commands in one request, each with a result of its own. */
import { z } from 'zod'
import { httpCommandSchema } from './http-command.ts'

/** What one request may ask for: enough for a plan, little enough to be answered while its sender waits. */
export const MOST_COMMANDS = 100

export const batchKeySchema = z
  .string()
  .regex(/^[\w.:/+=-]{1,200}$/)
  .meta({ description: 'The Idempotency-Key of this one; left out: that of the request, and its place in it' })

export const httpBatchSchema = z.strictObject({
  commands: z
    .array(httpCommandSchema.extend({ key: batchKeySchema.optional() }))
    .min(1)
    .max(MOST_COMMANDS)
    .meta({ description: 'Those that name the same task are carried out in this order; others at the same time' }),
})

export type HttpBatch = z.infer<typeof httpBatchSchema>
