/** Gates and verdicts of policy on the wire, and how rules are written in `.github/muster.yml`. */
import * as z from 'zod'
import { millisSchema } from './stream.ts'

const text = z.string()
const attempt = z.int().positive()

export const roleSchema = z.enum(['none', 'read', 'triage', 'write', 'maintain', 'admin'])
const verb = z.enum(['claim', 'succeed', 'merge', 'tool'])

export const gateSchema = z.object({
  name: text,
  needs: z.object({ approvals: z.int().positive(), role: roleSchema }),
  verb: verb.nullable(),
  attempt: attempt.nullable(),
  headSha: text.nullable(),
  state: z.enum(['open', 'approved', 'fell']),
  reason: text.nullable(),
  moved: z.literal(true).optional(),
  approvals: z.array(z.object({ by: text, role: roleSchema, at: millisSchema })).readonly(),
  at: millisSchema,
})

export const verdictSchema = z.object({
  verb,
  agent: text,
  outcome: z.enum(['allow', 'deny', 'gate']),
  rules: z.array(text).readonly(),
  attempt: attempt.optional(),
  tool: text.optional(),
  path: text.optional(),
  at: millisSchema,
})

const NAME = /^[A-Za-z0-9][\w.-]{0,49}$/
const name = z.string().regex(NAME, 'must be 1 to 50 letters, digits, and . _ -, a letter or digit first')

const pattern = z.string().min(1).max(200)
/** One, or a list of them. */
const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1).max(50)]).optional()

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/
const clock = z.string().regex(TIME, 'must be a time of day such as 22:30')
const day = z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])

const attributes = {
  agent: oneOrMore(pattern).meta({ description: 'Ids of agents; * stands for any characters, here and below' }),
  capability: oneOrMore(pattern).meta({ description: 'Capabilities that the agent is listed with' }),
  trust: oneOrMore(pattern).meta({ description: 'trusted or canary as listed, else unlisted' }),
  verb: oneOrMore(verb).meta({ description: 'claim, succeed, merge, or tool for what agents ask beforehand' }),
  tag: oneOrMore(pattern).meta({ description: 'Tags and routing labels of the task' }),
  tier: oneOrMore(z.enum(['simple', 'medium', 'complex'])),
  priority: oneOrMore(z.enum(['p0', 'p1', 'p2', 'p3'])),
  parent: oneOrMore(pattern).meta({ description: 'Key of the parent task' }),
  path: oneOrMore(pattern).meta({ description: 'Paths from the root of the repository: infra/*' }),
  tool: oneOrMore(pattern).meta({ description: 'Tools of the agent: bash' }),
  time: z
    .strictObject({ from: clock, to: clock, days: z.array(day).max(7).optional() })
    .optional()
    .meta({ description: 'A part of the day in UTC; from later than to goes over midnight, the same is a whole day' }),
}

/** Two levels of any, all and not are enough for people, and bound what a file can ask for. */
const plain = z.strictObject(attributes)
const nested = <Inner extends z.ZodType>(inner: Inner) => ({
  all: z.array(inner).min(1).max(20).optional(),
  any: z.array(inner).min(1).max(20).optional(),
  not: inner.optional(),
})
const grouped = z.strictObject({ ...attributes, ...nested(plain) })
const when = z.strictObject({ ...attributes, ...nested(grouped) })
export type When = z.infer<typeof when>

const rule = z
  .strictObject({
    id: name,
    effect: z.enum(['allow', 'deny', 'require-gate']),
    gate: name.optional().meta({ description: 'For require-gate; the id of the rule when left out' }),
    reason: z.string().min(1).max(200).optional().meta({ description: 'One sentence for people, without full stop' }),
    when: when
      .optional()
      .meta({ description: 'All of what stands here must hold; without it the rule always matches' }),
  })
  .meta({ description: 'A denial wins over a gate, a gate over a permission; the order does not matter' })

export const policySchema = z.strictObject({
  default: z.enum(['allow', 'deny']).optional().meta({ description: 'Where no rule matches. Default allow' }),
  rules: z
    .array(rule)
    .max(100)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'must not use an id twice')
    .optional(),
})

export const gatesSchema = z
  .record(
    name,
    z.strictObject({
      approvals: z.int().min(1).max(10).optional().meta({ description: 'How many people must approve. Default 1' }),
      role: z.enum(['triage', 'write', 'maintain', 'admin']).optional().meta({ description: 'Of each. Default admin' }),
    }),
  )
  .refine((gates) => Object.keys(gates).length <= 20, 'must not name more than 20 gates')
