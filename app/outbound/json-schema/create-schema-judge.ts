/**
 * JSON Schema (draft 2020-12) for schemas that people and agents wrote: bounded in size and time, with no reference to
 * anything outside the document. Formats are annotations here, as the draft has them.
 */
import { createContext, Script } from 'node:vm'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { canonicalJson } from '../../domain/event/canonical-json.ts'
import type { SchemaJudge } from '../../engine/ports.ts'

/** As long as a detail of a task may be. */
const MAX_CHARS = 4_000
/** A pattern may backtrack for years, and references may multiply: whoever waits is cut off. */
const PATIENCE_MS = 250
/** Putting a validator together takes longest on a busy machine, and is done once per schema. */
const COMPILE_PATIENCE_MS = 1_000
/** All that somebody reads before fixing it. */
const MOST_PROBLEMS = 5
const KEPT = 100
const TOO_SLOW = 'it takes too long'

const CALL = new Script('work()')

/** Also interrupts regular expressions. */
const within = <T>(timeout: number, work: () => T): T => CALL.runInContext(createContext({ work }), { timeout }) as T

const isTooSlow = (error: unknown): boolean =>
  // It comes from the other context, whose Error is not ours.
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

type Compiled =
  { readonly ok: true; readonly validate: ValidateFunction } | { readonly ok: false; readonly problem: string }

export const createSchemaJudge = (): SchemaJudge => {
  const known = new Map<string, Compiled>()
  // With the first schema: most projects have none, and no start should wait for it.
  const load = async () => {
    const { Ajv2020 } = await import('ajv/dist/2020.js')
    const meta = new Ajv2020({ strict: false, validateFormats: false })
    // Puts the draft's own schema together, outside of anybody's patience.
    await meta.validateSchema({})
    return { Ajv2020, meta }
  }
  let loading: ReturnType<typeof load> | undefined

  const compile = async (text: string): Promise<Compiled> => {
    if (text.length > MAX_CHARS) return refused(`it is longer than ${MAX_CHARS} characters`)
    const { Ajv2020, meta } = await (loading ??= load())
    try {
      const schema = JSON.parse(text) as object | boolean
      return within(COMPILE_PATIENCE_MS, () => {
        if (meta.validateSchema(schema) !== true) return refused(sentences(meta.errors)[0] ?? 'it is not valid')
        // One of its own for each: what one schema names itself must not be what another one means.
        const ajv = new Ajv2020({
          strict: false,
          validateFormats: false,
          validateSchema: false,
          meta: false,
          allErrors: true,
          inlineRefs: false,
          logger: false,
        })
        const validate = ajv.compile(schema)
        // One that refers to itself without end shows at once.
        validate(null)
        return { ok: true, validate } as const
      })
    } catch (error) {
      return refused(isTooSlow(error) ? TOO_SLOW : reasonOf(error))
    }
  }

  const compiled = async (text: string): Promise<Compiled> => {
    const before = known.get(text)
    if (before !== undefined) return before
    const made = await compile(text)
    if (known.size >= KEPT) known.delete(known.keys().next().value ?? '')
    // What was too slow on a busy machine may not be the next time.
    if (made.ok || made.problem !== TOO_SLOW) known.set(text, made)
    return made
  }

  return {
    refuse: async (schema) => {
      const made = await compiled(schema)
      return made.ok ? null : made.problem
    },
    problems: async (schema, value) => {
      if (canonicalJson(value).length > MAX_CHARS) return [`it is longer than ${MAX_CHARS} characters`]
      const made = await compiled(schema)
      if (!made.ok) return [`its schema does not work: ${made.problem}`]
      const { validate } = made
      try {
        return within(PATIENCE_MS, () => (validate(value) ? [] : sentences(validate.errors)))
      } catch (error) {
        return [isTooSlow(error) ? 'looking at it with its schema takes too long' : reasonOf(error)]
      }
    },
  }
}

const refused = (problem: string) => ({ ok: false, problem }) as const

const sentences = (errors: ValidateFunction['errors'] = []): readonly string[] =>
  (errors ?? []).slice(0, MOST_PROBLEMS).map(({ instancePath, message, params }) => {
    const extra: unknown = (params as { readonly additionalProperty?: unknown }).additionalProperty
    const which = typeof extra === 'string' ? `: ${extra.slice(0, 60)}` : ''
    return `${instancePath === '' ? 'it' : placeOf(instancePath)} ${(message ?? 'is wrong').slice(0, 200)}${which}`
  })

/** `a.0.b`: a slash in front would look like a command. */
const placeOf = (pointer: string): string => pointer.slice(1, 200).replaceAll('/', '.')

/** Its first line: what stands below is of no use to whoever wrote the schema. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : 'it cannot be used').split('\n', 1)[0]?.slice(0, 300) ?? ''
