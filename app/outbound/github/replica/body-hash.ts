/** The identity of a comment's text. Browsers send CRLF and GitHub trims: neither is a change. */
import { sha256 } from '../record/sha256.ts'

export const bodyHash = (body: string): string => sha256(body.replaceAll('\r\n', '\n').trimEnd())
