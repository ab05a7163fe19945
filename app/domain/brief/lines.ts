/** Texts of others as lines of a brief: without secrets of known shapes, but not neutralised. */
import { redact } from '../text/redact.ts'

/** Secrets are looked for in the whole text: some take several lines. */
export const linesOf = (text: string): readonly string[] => {
  const clean = redact(text).trim()
  return clean === '' ? [] : clean.split(/\r\n|[\n\r\u2028\u2029]/)
}

export const oneLineOf = (text: string): string => linesOf(text).join(' ')
