/**
 * Signed JSON in a hidden comment: `<!-- muster:record v1 kid=… rev=… sig=… {json} -->`, the last line of a body whose
 * text above it people read. Writes, finds and checks the signature; what the JSON means is decided elsewhere.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson, type Json } from '../../../domain/event/canonical-json.ts'
import { escapeJson } from './escape-json.ts'
import type { RecordKey } from './record-keys.ts'

/** What a sealed comment holds: a task's record, a page of the ledger, text moved out of a record that grew too large, or a chapter of older events. */
export type SealKind = 'record' | 'ledger' | 'part' | 'sealed'

/** The members that name and place the content; they stand in the payload and enter the signature by themselves too. */
export interface SealFields {
  readonly stream: string
  readonly origin: { readonly repositoryId: number; readonly issueId: number; readonly issueNumber: number }
  readonly schema: number
  readonly rev: number
  readonly head: string
}

/** GitHub refuses longer bodies. */
export const MAX_BODY_CHARS = 65_536

const FORMAT_VERSION = 1
const open = (kind: SealKind): string => `<!-- muster:${kind} `
const LINE =
  /^<!-- muster:(record|ledger|part|sealed) v(\d{1,4}) kid=([A-Za-z0-9_.-]{1,32}) rev=(\d{1,15}) sig=([0-9a-f]{64}) (\{.*\}) -->$/

const signature = (key: RecordKey, kind: SealKind, fields: SealFields, text: string): string =>
  createHmac('sha256', key.secret)
    .update(
      canonicalJson([
        `muster:${kind}`,
        FORMAT_VERSION,
        key.kid,
        fields.stream,
        fields.origin.repositoryId,
        fields.origin.issueId,
        fields.origin.issueNumber,
        fields.schema,
        fields.rev,
        fields.head,
        text,
      ]),
    )
    // Hexadecimal, because base64url may hold the two dashes that a comment must not.
    .digest('hex')

/** The hidden line for a payload. */
export const seal = (kind: SealKind, payload: SealFields & { readonly [key: string]: unknown }, key: RecordKey) => {
  const text = escapeJson(canonicalJson(payload))
  const sig = signature(key, kind, payload, text)
  return `${open(kind)}v${FORMAT_VERSION} kid=${key.kid} rev=${payload.rev} sig=${sig} ${text} -->`
}

export type Found =
  | {
      readonly found: 'one'
      readonly version: number
      readonly kid: string
      readonly rev: number
      readonly sig: string
      /** The JSON as it stands in the body. */
      readonly text: string
      /** Everything above the hidden line, with `\n` line ends. */
      readonly above: string
    }
  | { readonly found: 'none' }
  | { readonly found: 'malformed'; readonly detail: string }

/** Looks for the one hidden line of a kind. Linear; a body that holds two, or one that is cut off, is not believed at all. */
export const findSealed = (kind: SealKind, body: string): Found => {
  if (body.length > MAX_BODY_CHARS) return { found: 'malformed', detail: `the body has ${body.length} characters` }
  const text = body.replaceAll('\r\n', '\n')
  const at = text.indexOf(open(kind))
  if (at === -1) return { found: 'none' }
  if (text.indexOf(open(kind), at + 1) !== -1) {
    return { found: 'malformed', detail: `the body holds more than one muster:${kind}` }
  }
  if (at > 0 && text[at - 1] !== '\n') return { found: 'malformed', detail: 'the hidden part does not begin a line' }
  const match = LINE.exec(text.slice(at).trimEnd())
  if (match === null) return { found: 'malformed', detail: 'the hidden part is cut off, damaged or not the last line' }
  const [, , version, kid, rev, sig, json] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return {
    found: 'one',
    version: Number(version),
    kid,
    rev: Number(rev),
    sig,
    text: json,
    above: text.slice(0, at),
  }
}

export const isSupported = (found: Found & { found: 'one' }): boolean => found.version === FORMAT_VERSION

/** Whether the key signed exactly this text under these fields. Takes the same time wherever they differ. */
export const isSignedBy = (
  key: RecordKey,
  kind: SealKind,
  fields: SealFields,
  found: Found & { found: 'one' },
): boolean => {
  const expected = Buffer.from(signature(key, kind, fields, found.text), 'ascii')
  const given = Buffer.from(found.sig, 'ascii')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The parsed JSON, or undefined when it is none. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
