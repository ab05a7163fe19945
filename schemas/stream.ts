/** Wire shapes shared by everything that carries streams and events: ids, actors, stored events. */
import * as z from 'zod'

const STREAM = /^(?:task\/\d{1,15}\/\d{1,15}|(?:project|workspace)\/\d{1,15})$/

export const streamIdSchema = z.custom<`task/${number}/${number}` | `project/${number}` | `workspace/${number}`>(
  (value) => typeof value === 'string' && STREAM.test(value),
  'not a stream id',
)

export const actorSchema = z.object({
  kind: z.enum(['user', 'bot', 'agent', 'ci', 'app']),
  id: z.string().max(1_000),
})

/** 64 lower-case hex digits. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/)
/** Milliseconds since 1970. */
export const millisSchema = z.int().nonnegative()
export const revSchema = z.int().positive()

/** `data` is any JSON: the hash chain vouches for it, and events of a newer Muster must pass through unharmed. */
export const storedEventSchema = z.object({
  stream: streamIdSchema,
  version: revSchema,
  id: z.string().min(1).max(64),
  type: z.string().min(1).max(100),
  v: z.int().positive(),
  at: millisSchema,
  actor: actorSchema,
  cause: z.string().max(2_000),
  data: z.unknown(),
  prev: digestSchema,
  hash: digestSchema,
})

/** The issue that a hidden comment was written for. */
export const originSchema = z.object({
  repositoryId: z.int().positive(),
  issueId: z.int().positive(),
  issueNumber: z.int().positive(),
})

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }
/** Whatever JSON.parse may have made. */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined)
