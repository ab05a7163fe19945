/** What `update` takes over HTTP: the declared details of a task, each absent where it stays and null where it goes. */
import * as z from 'zod'
import { parseDuration } from './duration.ts'

/** No line breaks and nothing invisible: it stands in one line of a card. */
const line = (max: number) => z.string().regex(new RegExp(String.raw`^[^\p{Cc}\p{Zl}\p{Zp}]{1,${max}}$`, 'u'))
const word = z.string().regex(/^[\w./:@+-]{1,50}$/)
const words = z.array(word).max(20)
const count = z.int().nonnegative()
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'is not a duration such as 90m, 1h30m or 2d')
  .meta({ description: 'A duration: 45s, 90m, 1h30m, 2d' })
const usd = z.number().nonnegative().max(1_000_000).meta({ description: 'US dollars' })
const schema = z
  .union([z.record(z.string(), z.unknown()), z.boolean()])
  .meta({ description: 'A JSON Schema, draft 2020-12, without references to other documents' })

export const taskUpdateSchema = z
  .strictObject({
    tags: words.nullable(),
    links: z
      .array(
        z.strictObject({
          kind: z.enum(['branch', 'worktree', 'pull-request', 'commit', 'other']),
          target: line(500),
        }),
      )
      .max(50)
      .nullable(),
    deadline: z.iso.datetime({ offset: true }).nullable(),
    estimate: z
      .strictObject({ duration: duration.optional(), usd: usd.optional(), tokens: count.optional() })
      .nullable(),
    tier: z.enum(['simple', 'medium', 'complex']).nullable(),
    requires: words.nullable().meta({ description: 'Capabilities that whoever claims it must have' }),
    routing: words.nullable().meta({ description: 'Labels of the runners or queues that it may be sent to' }),
    inputSchema: schema.nullable(),
    outputSchema: schema.nullable(),
    input: z.json().meta({ description: 'Any JSON but null' }),
    acceptance: z.array(line(500)).max(30).nullable(),
    steps: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[\w-]{1,40}$/),
          title: line(200),
          inputSchema: schema.optional(),
          outputSchema: schema.optional(),
        }),
      )
      .max(20)
      .nullable(),
    retry: z
      .strictObject({ maxAttempts: z.int().min(1).max(20), backoff: duration, maxBackoff: duration })
      .partial()
      .nullable(),
    timeout: duration.nullable(),
    leaseTtl: duration.nullable(),
    budget: z.strictObject({ usd: usd.optional(), tokens: count.optional() }).nullable(),
  })
  .partial()

export type TaskUpdate = z.infer<typeof taskUpdateSchema>
