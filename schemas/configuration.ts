/** `.github/muster.yml`: what a project may configure. Strict: an unknown key is an error, because a typo must not be a silent default. */
import { z } from 'zod'
import { FAILURE_CLASS_NAMES } from './report.ts'
import { budgetsSchema, pricesSchema, quotasSchema, tiersSchema } from './budget-configuration.ts'
import { parseDuration } from './duration.ts'
import { gatesSchema, policySchema } from './policy.ts'
import { portfoliosSchema } from './portfolios.ts'

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

const limit = z.int().min(1).max(10_000)

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
          trust: z
            .enum(['trusted', 'canary'])
            .optional()
            .meta({ description: 'canary: on trial, takes only a share of the tasks. Default trusted' }),
          share: z
            .number()
            .min(0)
            .max(1)
            .optional()
            .meta({ description: 'Of all tasks, the share that a canary may take, from 0 to 1. Default 0.1' }),
          wip: limit.optional().meta({ description: 'Tasks that it may work on at once; default: wip.agent' }),
        }),
      )
      .max(500)
      .optional()
      .meta({ description: 'Agents that may claim tasks; without this list any agent may' }),
    lease: z
      .strictObject({
        ttl: duration.optional().meta({ description: 'How long a claim holds without a heartbeat. Default 30m' }),
        steal_after: z.number().min(0.1).max(1).optional().meta({
          description:
            'Share of the ttl, from 0.1 to 1, for which an agent must be silent until idle ones may take its task over. Default: never',
        }),
        preempt_grace: duration
          .optional()
          .meta({ description: 'How long a holder has to give back a task whose room a p0 needs. Default 5m' }),
        max_ttl: duration.optional().meta({ description: 'The longest ttl= that a claim may ask for. Default 1d' }),
      })
      .optional(),
    wip: z
      .strictObject({
        agent: limit.optional().meta({ description: 'Tasks of this project that one agent may work on at once' }),
        project: limit.optional().meta({ description: 'Tasks of this project that may be worked on at once' }),
        workspace: limit
          .optional()
          .meta({ description: 'Tasks of all projects of the installation that may be worked on at once' }),
      })
      .optional()
      .meta({ description: 'Limits on work in progress; without them any number' }),
    retry: retry
      .extend({
        classes: z
          .partialRecord(z.enum(FAILURE_CLASS_NAMES), retry)
          .optional()
          .meta({ description: 'Per failure class' }),
      })
      .optional(),
    dependencies: z
      .strictObject({
        on_failure: z.enum(['wait', 'fail', 'drop']).optional().meta({
          description:
            'What becomes of a task when one that it depends on failed or was canceled: wait (default) goes on waiting, fail asks a person, drop does without it',
        }),
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
    policy: policySchema.optional().meta({ description: 'What agents may do, may not do, and may do after a gate' }),
    gates: gatesSchema.optional().meta({ description: 'What opens each gate, by its name' }),
    portfolios: portfoliosSchema.optional(),
  })
  .meta({ title: 'Muster configuration', description: '.github/muster.yml' })

export type Configuration = z.infer<typeof configurationSchema>
