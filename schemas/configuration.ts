/** `.github/muster.yml`: what a project may configure. Strict: an unknown key is an error, because a typo must not be a silent default. */
import { z } from 'zod'
import { FAILURE_CLASS_NAMES } from './report.ts'
import { budgetsSchema, pricesSchema, quotasSchema, tiersSchema } from './budget-configuration.ts'
import { parseDuration } from './duration.ts'

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'is not a duration such as 90m, 1h30m or 2d')
  .meta({ description: 'A duration: 45s, 90m, 1h30m, 2d' })

const retry = z.strictObject({
  max_attempts: z
    .int()
    .min(1)
    .max(20)
    .optional()
    .meta({ description: 'Failed attempts after which a person is asked' }),
  backoff: duration.optional().meta({ description: 'First wait before a retry; doubles with every failure' }),
  max_backoff: duration.optional().meta({ description: 'The longest wait before a retry' }),
})

export const configurationSchema = z
  .strictObject({
    key: z
      .string()
      .regex(/^[A-Z][A-Z0-9]{0,7}$/, 'must be 1 to 8 characters A–Z and 0–9, a letter first')
      .optional()
      .meta({ description: 'Key prefix of tasks: DEV gives DEV-12. Default: from the repository name' }),
    agents: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[\w.[\]-]{1,64}$/, 'must be 1 to 64 letters, digits, and . _ - [ ]'),
          capabilities: z.array(z.string().min(1).max(64)).max(50).optional(),
        }),
      )
      .max(500)
      .optional()
      .meta({ description: 'Agents that may claim tasks; without this list any agent may' }),
    lease: z
      .strictObject({
        ttl: duration.optional().meta({ description: 'How long a claim holds without a heartbeat. Default 30m' }),
        max_ttl: duration.optional().meta({ description: 'The longest ttl= that a claim may ask for. Default 1d' }),
      })
      .optional(),
    retry: retry
      .extend({
        classes: z
          .partialRecord(z.enum(FAILURE_CLASS_NAMES), retry)
          .optional()
          .meta({ description: 'Per failure class' }),
      })
      .optional(),
    commands: z
      .strictObject({
        bare: z.boolean().optional().meta({ description: 'false: only /muster claim works, not /claim' }),
        bots: z
          .array(z.int().positive())
          .max(100)
          .optional()
          .meta({ description: 'User ids of bots that may command' }),
      })
      .optional(),
    budgets: budgetsSchema.optional(),
    prices: pricesSchema.optional(),
    tiers: tiersSchema.optional(),
    quotas: quotasSchema.optional(),
  })
  .meta({ title: 'Muster configuration', description: '.github/muster.yml' })

export type Configuration = z.infer<typeof configurationSchema>
