/** `2026-11-30T23:00:00Z`: a time as it can be copied into a command or a request. */
import type { Millis } from '../event/envelope.ts'

export const isoTime = (at: Millis): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
