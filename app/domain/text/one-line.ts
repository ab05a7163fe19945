/** Text for one line of a log: without secrets, bounded, and with nothing in it that a terminal or a reader of lines would act on. */
import { cut } from './cut.ts'
import { redact } from './redact.ts'

/** Enough for a fault's message; whole payloads do not belong there. */
const MAX = 1_000

const ANSI_SEQUENCE = /(?:\u009b|\p{Cc}\[)[0-9;?]{0,32}[A-Za-z]/gu
const BLANKS = /[\s\u0085]+/gu
/** Control characters, reversed writing and other invisible ones, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu

/** Secrets are looked for before and after: a key block needs its lines, and an invisible character may stand inside a token. */
export const oneLine = (text: string, max: number = MAX): string =>
  cut(redact(redact(text).replace(ANSI_SEQUENCE, '').replace(BLANKS, ' ').replace(UNSEEN, '')).trim(), max)
