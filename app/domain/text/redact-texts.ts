/**
 * Takes secrets, halves of characters and NULs out of every text inside a value, so that none enters the log: what is logged
 * is hashed, replicated and never changed, and neither databases nor GitHub keep such characters as they are.
 */
import { redact } from './redact.ts'

/** The same value with every string cleaned; keys, numbers and structure stay. */
export const redactTexts = <T>(value: T): T => map(value) as T

const map = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value.toWellFormed()).replaceAll('\u0000', '\ufffd')
  if (Array.isArray(value)) return value.map(map)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]))
}
