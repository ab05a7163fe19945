/** The keys that sign what Muster writes into comments: a list, so that a new one can take over while older records stay valid. */

export interface RecordKey {
  /** Public name of the key; stands in every signature's header. */
  readonly kid: string
  readonly secret: Buffer
}

export interface RecordKeys {
  readonly signing: RecordKey
  /** Every key that verifies, the signing one included. */
  readonly byKid: ReadonlyMap<string, RecordKey>
}

export type ParsedRecordKeys =
  { readonly ok: true; readonly keys: RecordKeys } | { readonly ok: false; readonly problem: string }

/** As long as the digest it feeds: a shorter key would be the weakest part of the signature. */
const MIN_SECRET_BYTES = 32
/** No two dashes in a row: the kid stands inside an HTML comment. */
const KID = /^(?!.*--)[A-Za-z0-9_.-]{1,32}$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/
const HOW = 'make one with: echo "k1:$(openssl rand -base64 32)"'

/** Reads `kid:base64,kid:base64`: the first signs, all verify. Problems name the entry, never the secret. */
export const parseRecordKeys = (text: string): ParsedRecordKeys => {
  const byKid = new Map<string, RecordKey>()
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const [index, entry] of entries.entries()) {
    const colon = entry.indexOf(':')
    const kid = entry.slice(0, Math.max(0, colon))
    const named = `MUSTER_RECORD_KEYS entry ${index + 1}`
    if (!KID.test(kid)) return refuse(`${named} is not "kid:base64", with a kid of letters, digits, "_", "." and "-"`)
    if (byKid.has(kid)) return refuse(`${named} repeats the kid "${kid}"; give every key its own`)
    const encoded = entry.slice(colon + 1).trim()
    if (!BASE64.test(encoded)) return refuse(`${named} ("${kid}") is not base64`)
    const secret = Buffer.from(encoded, 'base64')
    if (secret.length < MIN_SECRET_BYTES) {
      return refuse(`${named} ("${kid}") has ${secret.length} bytes, and ${MIN_SECRET_BYTES} are needed`)
    }
    if (secret.every((byte) => byte === 0))
      return refuse(`${named} ("${kid}") is nothing but zeros, which anybody can guess`)
    byKid.set(kid, { kid, secret })
  }
  const signing = [...byKid.values()][0]
  return signing === undefined ? refuse('MUSTER_RECORD_KEYS is empty') : { ok: true, keys: { signing, byKid } }
}

const refuse = (problem: string): ParsedRecordKeys => ({ ok: false, problem: `${problem}; ${HOW}` })
