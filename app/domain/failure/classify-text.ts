/** Classifies words that the agent itself said of its end. Not for transcripts, tool results or test logs: those quote everything. */
import { flattenText } from './error-lines.ts'
import { findHttpStatus, kindOfStatus } from './http-status.ts'
import { LIMIT_PHRASES } from './limit-phrases.ts'
import { OTHER_PHRASES } from './other-phrases.ts'
import { findRetryAfter } from './retry-after.ts'
import { kind, type Kind, type Verdict } from './verdict.ts'

/** Error texts say what matters at their start or end; a body in between may echo the prompt. */
const MAX_TEXT = 8_000
const MAX_EVIDENCE = 200

/** A longer wait than this is a quota's, whatever the text calls it. */
const LONGEST_RATE_WAIT_MS = 300_000

const PHRASES = [...LIMIT_PHRASES, ...OTHER_PHRASES]

/** Statuses whose meaning is not refined by words about context or servers. */
const isFirm = (status: number): boolean => status === 401 || status === 402 || status === 429 || status === 529

/** Null when nothing in the text is known. `now` is in milliseconds since 1970. */
export const classifyText = (text: string, now: number): Verdict | null => {
  const flat = flattenText(bound(text))
  const status = findHttpStatus(flat)
  const byStatus = status === null ? null : kindOfStatus(status.status)
  const phrase = findPhrase(flat)
  const chosen = choose(status?.status ?? null, byStatus, phrase?.kind ?? null)
  if (chosen === null) return null
  const at = chosen === phrase?.kind ? phrase.at : (status?.at ?? 0)
  const retryAfterMs = chosen.class === 'rate_limit' ? findRetryAfter(flat, now) : null
  return {
    ...(chosen.class === 'rate_limit' && chosen.code === null && (retryAfterMs ?? 0) > LONGEST_RATE_WAIT_MS
      ? kind('rate_limit', 'quota')
      : chosen),
    retryAfterMs,
    confidence: 'text',
    evidence: excerpt(flat, at),
  }
}

const choose = (status: number | null, byStatus: Kind | null, byPhrase: Kind | null): Kind | null => {
  if (byPhrase === null || byStatus === null || status === null) return byPhrase ?? byStatus
  if (!isFirm(status) || byPhrase.class === byStatus.class) return byPhrase
  // 429 is also how empty accounts answer; every other contradiction is settled by the status.
  return status === 429 && byPhrase.class === 'budget_exceeded' ? byPhrase : byStatus
}

const findPhrase = (flat: string): { readonly kind: Kind; readonly at: number } | null => {
  for (const { kind, pattern } of PHRASES) {
    const found = pattern.exec(flat)
    if (found !== null) return { kind, at: found.index }
  }
  return null
}

const bound = (text: string): string =>
  text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT / 2)} ${text.slice(-MAX_TEXT / 2)}`

/** The stretch around `at`, so that a person sees why. */
export const excerpt = (flat: string, at: number): string => {
  const from = Math.max(0, Math.min(at - 60, flat.length - MAX_EVIDENCE))
  return flat.slice(from, from + MAX_EVIDENCE).toWellFormed()
}
