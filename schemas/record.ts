/** The JSON that a record comment or a page of the ledger holds for one stream: its newest state and its newest events. */
import * as z from 'zod'
import {
  digestSchema,
  jsonSchema,
  originSchema,
  revSchema,
  storedEventSchema,
  streamIdSchema,
  type Json,
} from './stream.ts'

/** Rises when older readers would misread what newer writers write. */
export const RECORD_SCHEMA = 1

type UndoShape =
  | readonly ['=', Json]
  | readonly ['{', { readonly [key: string]: UndoShape }, readonly string[]]
  | readonly ['[', number, readonly (readonly [number, UndoShape])[], readonly Json[]]

const undoSchema: z.ZodType<UndoShape> = z.lazy(() =>
  z.union([
    z.tuple([z.literal('='), jsonSchema]).readonly(),
    z.tuple([z.literal('{'), z.record(z.string(), undoSchema), z.array(z.string()).readonly()]).readonly(),
    z
      .tuple([
        z.literal('['),
        z.int().nonnegative(),
        z.array(z.tuple([z.int().nonnegative(), undoSchema]).readonly()).readonly(),
        z.array(jsonSchema).readonly(),
      ])
      .readonly(),
  ]),
)

/** Where the events in the record begin: the version and hash before the first of them, and how to get the state of then from the snapshot. */
const baseSchema = z.object({ version: revSchema, head: digestSchema, undo: undoSchema })

export const sealedFieldsSchema = z.object({
  stream: streamIdSchema,
  origin: originSchema,
  schema: z.int().positive(),
  rev: revSchema,
  head: digestSchema,
})

export const recordSchema = sealedFieldsSchema.extend({
  /** Epoch of the project when this was written. */
  epoch: z.int().positive(),
  /** SHA-256 of the text above the hidden line. */
  card: digestSchema,
  /** The state at `rev`; pieces that made it too large stand as `{moved, …}` and are found by their digest. */
  snapshot: jsonSchema,
  /** Null when `events` begin with the stream's first. */
  base: baseSchema.nullable(),
  events: z.array(storedEventSchema).readonly(),
  /** The newest chapter of older events (see chapter.ts), where its comment is, and which version it ends at. Absent: there is none. */
  sealed: z
    .object({
      count: z.int().positive(),
      hash: digestSchema,
      rev: revSchema,
      comment: z.object({ id: z.int().positive(), nodeId: z.string().min(1).max(200) }),
    })
    .optional(),
})
export type RecordPayload = z.infer<typeof recordSchema>

/** One stretch of a piece of text that was moved out of a record. */
export const partSchema = sealedFieldsSchema.extend({
  /** SHA-256 of the whole piece. */
  digest: digestSchema,
  /** Counted from 0. */
  chunk: z.int().nonnegative(),
  chunks: z.int().positive().max(1_000),
  text: z.string().max(65_536),
})
export type PartPayload = z.infer<typeof partSchema>
