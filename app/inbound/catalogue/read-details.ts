/** The details of `update` as the domain holds them: money in millionths, durations in milliseconds, schemas as canonical text. */
import { canonicalJson, type Json } from '../../domain/event/canonical-json.ts'
import type { Millis } from '../../domain/event/envelope.ts'
import type { DetailChanges, Step } from '../../domain/task/details.ts'
import type { MicroUsd } from '../../domain/task/state.ts'
import { parseDuration } from '../../../schemas/duration.ts'
import { taskUpdateSchema, type TaskUpdate } from '../../../schemas/task-update.ts'

export type ReadDetails =
  { readonly ok: true; readonly value: DetailChanges } | { readonly ok: false; readonly expected: string }

const MICRO = 1_000_000

/** `expected` goes on after "must be". */
export const readDetails = (value: Json): ReadDetails => {
  const parsed = taskUpdateSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.join('.') ?? ''
    const names = Object.keys(taskUpdateSchema.shape).join(', ')
    const problem = issue === undefined ? '' : `: ${where === '' ? '' : `${where}: `}${issue.message}`
    return { ok: false, expected: `an object of details (${names})${problem}` }
  }
  return { ok: true, value: changesOf(parsed.data) }
}

/** Absent stays absent and null stays null. */
const changesOf = (update: TaskUpdate): DetailChanges => {
  const { deadline, estimate, inputSchema, outputSchema, steps, retry, timeout, leaseTtl, budget, ...same } = update
  return defined({
    ...same,
    deadline: deadline == null ? deadline : Date.parse(deadline),
    estimate: estimate == null ? estimate : { ...amount(estimate), durationMs: ms(estimate.duration) ?? null },
    inputSchema: inputSchema == null ? inputSchema : canonicalJson(inputSchema),
    outputSchema: outputSchema == null ? outputSchema : canonicalJson(outputSchema),
    steps: steps == null ? steps : steps.map(stepOf),
    retry: retry == null ? retry : retryOf(retry),
    timeoutMs: timeout == null ? timeout : ms(timeout),
    leaseTtlMs: leaseTtl == null ? leaseTtl : ms(leaseTtl),
    budget: budget == null ? budget : amount(budget),
  })
}

const defined = (changes: object): DetailChanges =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))

const ms = (text: string | undefined): Millis | undefined =>
  text === undefined ? undefined : (parseDuration(text) ?? undefined)

const stepOf = ({ id, title, inputSchema, outputSchema }: NonNullable<TaskUpdate['steps']>[number]): Step => ({
  id,
  title,
  ...(inputSchema === undefined ? {} : { inputSchema: canonicalJson(inputSchema) }),
  ...(outputSchema === undefined ? {} : { outputSchema: canonicalJson(outputSchema) }),
})

const retryOf = ({ maxAttempts, backoff, maxBackoff }: NonNullable<TaskUpdate['retry']>) =>
  defined({ maxAttempts, backoffMs: ms(backoff), maxBackoffMs: ms(maxBackoff) })

const amount = ({ usd, tokens }: { readonly usd?: number | undefined; readonly tokens?: number | undefined }) => ({
  microUsd: usd === undefined ? null : (Math.round(usd * MICRO) satisfies MicroUsd),
  tokens: tokens ?? null,
})
