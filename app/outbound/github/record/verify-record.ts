/**
 * Decides whether a comment's body is a record of ours: whole, signed by a key we know, for this very place, with an unbroken
 * chain, and not older than what the ledger has seen. Never throws; says what is wrong. Nothing here reads GitHub.
 */
import { firstBrokenLink, GENESIS_HASH } from '../../../domain/event/hash-chain.ts'
import { RECORD_SCHEMA, recordSchema, sealedFieldsSchema, type RecordPayload } from '../../../../schemas/record.ts'
import type { Origin } from './encode-record.ts'
import type { RecordKeys } from './record-keys.ts'
import { findSealed, isSignedBy, isSupported, parseJson, type Found, type SealKind } from './seal.ts'
import { sha256 } from './sha256.ts'

export type RecordProblem =
  /** There is no record in the body. */
  | 'missing'
  | 'malformed'
  /** Written in a format or schema that this version does not read. */
  | 'unsupported'
  | 'unknown-key'
  | 'bad-signature'
  /** Signed by us, but for another issue: a copy. */
  | 'wrong-place'
  /** The text that people read above it is not what we wrote. */
  | 'card-changed'
  | 'broken-chain'
  /** Not written by an App that is trusted. */
  | 'not-ours'
  /** Someone else edited it last. */
  | 'edited'
  /** Older than the ledger's mark: rolled back. */
  | 'older-than-mark'
  /** As new as the mark, but with another history. */
  | 'forked-from-mark'
  /** A piece that was moved out of it is nowhere. */
  | 'missing-part'

export interface NotBelieved {
  readonly ok: false
  readonly problem: RecordProblem
  readonly detail: string
}

export interface VerifiedRecord extends RecordPayload {
  readonly kid: string
}

export type Verdict = { readonly ok: true; readonly record: VerifiedRecord } | NotBelieved

/** Who wrote a comment, as GitHub tells. */
export interface Writer {
  /** `performed_via_github_app.id`, or null for a person or an unknown author. */
  readonly appId: number | null
  /** Whether the newest version is by the author itself. */
  readonly editedByOther: boolean
}

/** The ledger's high-water mark of a record. */
export interface RevMark {
  readonly rev: number
  readonly head: string
}

/** Where the issue stood before it was transferred: a number is given once in a repository. */
export type FormerOrigin = Pick<Origin, 'repositoryId' | 'issueNumber'>

export interface VerifyOptions {
  readonly keys: RecordKeys
  /** Where the comment stands; further places are valid origins of a transferred issue. */
  readonly place: Origin
  readonly alsoFrom?: readonly FormerOrigin[]
  /** Left out when the caller knows that it wrote the body itself. */
  readonly writer?: Writer
  readonly trustedApps?: readonly number[]
  readonly mark?: RevMark | null
  readonly kind?: 'record' | 'ledger'
}

export const verifyRecord = (body: string, options: VerifyOptions): Verdict => {
  const { keys, place, alsoFrom = [], writer, trustedApps = [], mark = null, kind = 'record' } = options
  const sealed = verifySeal(kind, body, keys)
  if (!sealed.ok) return sealed
  if (writer !== undefined && (writer.appId === null || !trustedApps.includes(writer.appId))) {
    const by = writer.appId === null ? 'not by an App' : `by App ${writer.appId}`
    return refuse('not-ours', `it was written ${by}; trusted are ${trustedApps.join(', ') || 'none'}`)
  }
  if (writer?.editedByOther === true) return refuse('edited', 'its newest version is not by our App')

  const parsed = recordSchema.safeParse(sealed.json)
  if (!parsed.success) return refuse('malformed', `the signed JSON is no record: ${issuesOf(parsed.error)}`)
  // The parsed copy would drop members that a newer Muster added; the state must come back byte for byte.
  const record = { ...(sealed.json as RecordPayload), kid: sealed.found.kid }
  if (record.card !== sha256(sealed.found.above)) {
    return refuse('card-changed', 'the text above the hidden part is not what was signed')
  }
  if (!sameOrigin(place, record.origin) && !alsoFrom.some((origin) => isFrom(origin, record.origin))) {
    const { repositoryId, issueNumber } = record.origin
    return refuse('wrong-place', `it belongs to issue #${issueNumber} of repository ${repositoryId}`)
  }
  return checkChain(record) ?? checkMark(record, mark) ?? { ok: true, record }
}

export const refuse = (problem: RecordProblem, detail: string): NotBelieved => ({ ok: false, problem, detail })

export type VerifiedSeal =
  { readonly ok: true; readonly found: Found & { found: 'one' }; readonly json: unknown } | NotBelieved

/** The part that all sealed comments share: format, key and signature. */
export const verifySeal = (kind: SealKind, body: string, keys: RecordKeys): VerifiedSeal => {
  const found = findSealed(kind, body)
  if (found.found === 'none') return refuse('missing', `there is no muster:${kind} in it`)
  if (found.found === 'malformed') return refuse('malformed', found.detail)
  if (!isSupported(found)) return refuse('unsupported', `its format is v${found.version}; a newer Muster wrote it`)
  const json = parseJson(found.text)
  const fields = sealedFieldsSchema.safeParse(json)
  if (json === undefined || !fields.success) return refuse('malformed', 'the hidden part is not the JSON of a record')
  if (fields.data.rev !== found.rev) return refuse('malformed', 'its header and its content name different revisions')
  const key = keys.byKid.get(found.kid)
  if (key === undefined) return refuse('unknown-key', `it is signed with key "${found.kid}", which is not in the list`)
  if (!isSignedBy(key, kind, fields.data, found)) return refuse('bad-signature', 'it was changed after it was signed')
  if (fields.data.schema > RECORD_SCHEMA) return refuse('unsupported', `its schema is ${fields.data.schema}`)
  return { ok: true, found, json }
}

export const sameOrigin = (a: Origin, b: Origin): boolean =>
  a.repositoryId === b.repositoryId && a.issueId === b.issueId && a.issueNumber === b.issueNumber

const isFrom = (former: FormerOrigin, { repositoryId, issueNumber }: Origin): boolean =>
  former.repositoryId === repositoryId && former.issueNumber === issueNumber

const issuesOf = (error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}) =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
    .join('; ')

const checkChain = ({ stream, rev, head, base, events }: VerifiedRecord): NotBelieved | null => {
  const from = base === null ? { version: 0, hash: GENESIS_HASH } : { version: base.version, hash: base.head }
  const stray = events.find((event) => event.stream !== stream)
  if (stray !== undefined) return refuse('broken-chain', `it holds an event of ${stray.stream}`)
  const broken = firstBrokenLink(sha256, from, events)
  if (broken !== null) return refuse('broken-chain', `event ${broken} does not fit the one before it`)
  const last = events.at(-1) ?? from
  return last.version === rev && last.hash === head
    ? null
    : refuse('broken-chain', `its events end at ${last.version}, its state stands at ${rev}`)
}

const checkMark = ({ rev, head, events }: VerifiedRecord, mark: RevMark | null): NotBelieved | null => {
  if (mark === null) return null
  if (rev < mark.rev) return refuse('older-than-mark', `it stands at ${rev}, and the ledger has seen ${mark.rev}`)
  const marked = rev === mark.rev ? head : events.find(({ version }) => version === mark.rev)?.hash
  return marked === undefined || marked === mark.head
    ? null
    : refuse('forked-from-mark', `its history differs from the ledger's at ${mark.rev}`)
}
