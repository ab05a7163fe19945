/** What `.github/muster.yml` may say of money: budgets, prices, tiers, and how often may be claimed. */
import { z } from 'zod'
import { parseCount, parseMoney } from './amounts.ts'
import { parseDuration } from './duration.ts'

const money = z
  .union([z.string(), z.number()])
  .refine((value) => parseMoney(String(value)) !== null, 'is not an amount of US dollars such as $5 or 0.42')

const count = z
  .union([z.string(), z.number()])
  .refine((value) => parseCount(String(value)) !== null, 'is not a count such as 12000, 12k or 1.5m')

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const AGENT = /^[\w.[\]-]{1,64}$/

/** The same limits in dollars and in tokens. */
const limits = <Value extends z.ZodType>(value: Value) => {
  const periods = z.strictObject({ daily: value.optional(), monthly: value.optional(), total: value.optional() })
  return {
    daily: value.optional().meta({ description: 'This project, a day' }),
    monthly: value.optional().meta({ description: 'This project, a month' }),
    project: value.optional().meta({ description: 'This project, in all' }),
    task: value.optional().meta({ description: 'All attempts of one task, unless the task has a budget of its own' }),
    agent: z
      .record(z.string().regex(AGENT), z.union([value, periods]))
      .optional()
      .meta({ description: 'By agent, in this project: an amount for a day, or daily, monthly and total' }),
    workspace: z
      .strictObject({ daily: value.optional(), monthly: value.optional() })
      .optional()
      .meta({ description: 'All projects of the account together' }),
  }
}

export const budgetsSchema = z
  .strictObject({
    ...limits(money),
    tokens: z.strictObject(limits(count)).optional().meta({ description: 'The same limits, in tokens' }),
    time_zone: z
      .string()
      .refine(isTimeZone, 'is not a time zone such as Europe/Berlin')
      .optional()
      .meta({ description: 'Whose day and month are meant. Default UTC' }),
    warn_at: z
      .number()
      .min(0.01)
      .max(1)
      .optional()
      .meta({ description: 'The share of a limit at which people are warned. Default 0.8' }),
    hold: z
      .string()
      .refine((text) => parseDuration(text) !== null, 'is not a duration such as 90m, 1h30m or 2d')
      .optional()
      .meta({ description: 'How long the reservation of a lease that ran out waits for a report. Default 1d' }),
  })
  .meta({ description: 'What may be spent; a claim reserves, the end of its attempt settles' })

const usd = z.number().min(0).max(10_000)

export const pricesSchema = z
  .record(
    z.string().min(1).max(100),
    z.strictObject({ input: usd, output: usd, cache_read: usd.optional(), cache_write: usd.optional() }),
  )
  .meta({ description: 'US dollars per million tokens, by model, for agents that name no cost' })

export const tiersSchema = z
  .array(
    z.strictObject({
      name: z.enum(['simple', 'medium', 'complex']),
      model: z.string().min(1).max(100).optional().meta({ description: 'What agents are told to use' }),
      estimate: money.optional().meta({ description: 'What an attempt usually costs' }),
      tokens: count.optional().meta({ description: 'What an attempt usually takes' }),
    }),
  )
  .max(3)
  .refine((tiers) => new Set(tiers.map(({ name }) => name)).size === tiers.length, 'names a tier twice')
  .meta({ description: 'From the least capable to the most: a task too large for one is tried again with the next' })

export const quotasSchema = z.strictObject({
  claims_per_hour: z.int().min(1).max(100_000).optional().meta({ description: 'Per agent, in this project' }),
})

export type BudgetsConfiguration = z.infer<typeof budgetsSchema>
