/** Wire shapes shared by everything that carries streams and events: ids, actors, stored events. */
import * as z from 'zod'

const STREAM = /^(?:task\/\d{1,15}\/\d{1,15}|(?:project|workspace)\/\d{1,15})$/

type StreamId = `task/${number}/${number}` | `project/${number}` | `workspace/${number}`
// The pattern is the type, which zod cannot know.
export const streamIdSchema = z.string().regex(STREAM, 'not a stream id') as unknown as z.ZodType<StreamId, StreamId>

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
// As above: every value but undefined.
export const jsonSchema = z.unknown().refine((value) => value !== undefined) as unknown as z.ZodType<Json, Json>
