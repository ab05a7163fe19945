/**
 * Notes on what was last written to GitHub, one document each. Several replicas write them: each puts only over what it knows to
 * stand there, so that nobody's note is lost and nobody goes on by an old one. Knows nothing of what is noted.
 */
import { canonicalJson } from '../../domain/event/canonical-json.ts'
import type { StreamId } from '../../domain/event/envelope.ts'
import type { Documents } from '../../engine/ports.ts'

/** Somebody else has noted something since we last looked: what we know is old, and nothing more may be written by it. */
export class OvertakenFault extends Error {
  override readonly name = 'OvertakenFault'
  readonly code = 'overtaken'
  readonly retryable = true
  constructor(stream: StreamId) {
    super(`another replica works on ${stream}; it is looked at again`)
  }
}

export interface Note {
  readonly v: 1
  /** Counts the notes, so that no two are the same; set by whoever keeps them. */
  readonly revision?: number
}

/** For one piece of work: they remember what it has read and written. */
export interface Notes<Of extends Note> {
  get(stream: StreamId): Promise<Of | null>
  /** Over what was last read or put here, or over nothing; throws an OvertakenFault where something else stands. */
  put(stream: StreamId, note: Of): Promise<void>
  /** Changes what stands there, whoever put it; nothing when there is none. */
  amend(stream: StreamId, change: (note: Of) => Of): Promise<void>
  list(): Promise<readonly { readonly stream: StreamId; readonly note: Of }[]>
}

export const createNotes = <Of extends Note>(documents: Documents, kind: string): Notes<Of> => {
  const known = new Map<StreamId, string>()

  /** A note of another version is as good as none: GitHub is looked at first. */
  const parse = (text: string | null): Of | null => {
    if (text === null) return null
    const note = JSON.parse(text) as Of
    return note.v === 1 ? note : null
  }

  const get = async (stream: StreamId): Promise<Of | null> => {
    const text = await documents.get(kind, stream)
    if (text === null) known.delete(stream)
    else known.set(stream, text)
    return parse(text)
  }

  const put = async (stream: StreamId, note: Of): Promise<void> => {
    const before = known.get(stream) ?? null
    const text = canonicalJson({ ...note, revision: (parse(before)?.revision ?? 0) + 1 })
    if (!(await documents.replace(kind, stream, before, text))) throw new OvertakenFault(stream)
    known.set(stream, text)
  }

  return {
    get,
    put,
    async amend(stream, change) {
      for (;;) {
        const note = await get(stream)
        if (note === null) return
        try {
          return await put(stream, change(note))
        } catch (error) {
          if (!(error instanceof OvertakenFault)) throw error
        }
      }
    },
    async list() {
      const rows = await documents.list(kind)
      return rows.flatMap(({ key, value }) => {
        const note = parse(value)
        return note === null ? [] : [{ stream: key as StreamId, note }]
      })
    },
  }
}
