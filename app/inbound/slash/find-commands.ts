/**
 * The commands of a comment with what identifies each, and those that an edit added. Pure: the hash that goes into the
 * identity is taken outside.
 */

import { addressOf, type LineOptions } from './parse-command-line.ts'
import { plainLines } from './plain-lines.ts'

export interface FoundCommand {
  /** The line as written, trimmed; what is parsed. */
  readonly text: string
  /** Blanks collapsed and the verb in one form: what is hashed and compared. */
  readonly normalised: string
  /**
   * How many commands with the same normalised text stand before it in the comment. Not its place among all commands:
   * so the identity (comment, normalised text, ordinal) survives edits around it, and a later rescan of the edited
   * comment runs nothing twice.
   */
  readonly ordinal: number
  /** 1-based line of the comment. */
  readonly line: number
}

/** Tells it from all others of its comment, and stays what it is whatever is edited around it. */
export const commandKey = ({ ordinal, normalised }: FoundCommand): string => `${ordinal} ${normalised}`

/** Nobody gives more orders in one comment; the rest is left alone and counted. */
export const MAX_COMMANDS = 25

export interface FoundCommands {
  /** In the order of their lines. */
  readonly commands: readonly FoundCommand[]
  /** Commands beyond MAX_COMMANDS: not carried out, to be told. */
  readonly left: number
}

/** Every line of the comment that is addressed to us, whether or not it parses. */
export const findCommands = (comment: string, options: LineOptions): FoundCommands => {
  const counts = new Map<string, number>()
  const commands: FoundCommand[] = []
  let left = 0
  for (const { text, number } of plainLines(comment)) {
    if (!text.startsWith('/')) continue
    const address = addressOf(text, options)
    if (address === null) continue
    if (commands.length === MAX_COMMANDS) {
      left++
      continue
    }
    const normalised = `/${address.verb.toLowerCase()} ${address.rest.replaceAll(/[ \t\u00a0]+/g, ' ')}`.trim()
    const ordinal = counts.get(normalised) ?? 0
    counts.set(normalised, ordinal + 1)
    commands.push({ text, normalised, ordinal, line: number })
  }
  return { commands, left }
}

/** What an edit added: the commands of `after` of which `before` had fewer of the same text. */
export const newCommands = (before: string, after: string, options: LineOptions): FoundCommands => {
  const had = new Map<string, number>()
  for (const { normalised } of findCommands(before, options).commands)
    had.set(normalised, (had.get(normalised) ?? 0) + 1)
  const { commands, left } = findCommands(after, options)
  return { commands: commands.filter(({ normalised, ordinal }) => ordinal >= (had.get(normalised) ?? 0)), left }
}
