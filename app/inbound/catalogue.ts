/**
 * THE list of commands: one row each, read by the comment parser, help, HTTP and permissions. A new command is a new row
 * in one of the files below, and nothing else on the inbound side.
 */

import { ATTEMPT_COMMANDS } from './catalogue/attempt-commands.ts'
import { DETAIL_COMMANDS } from './catalogue/detail-commands.ts'
import { FINDING_COMMANDS } from './catalogue/finding-commands.ts'
import { GATE_COMMANDS } from './catalogue/gate-commands.ts'
import { LOOK_COMMANDS } from './catalogue/look-commands.ts'
import { OPERATION_COMMANDS } from './catalogue/operation-commands.ts'
import type { AnyCommandRow, Surface } from './catalogue/row.ts'
import { TASK_COMMANDS } from './catalogue/task-commands.ts'
import { WORK_COMMANDS } from './catalogue/work-commands.ts'

/** In the order of help. */
export const CATALOGUE: readonly AnyCommandRow[] = [
  ...TASK_COMMANDS,
  ...DETAIL_COMMANDS,
  ...ATTEMPT_COMMANDS,
  ...WORK_COMMANDS,
  ...FINDING_COMMANDS,
  ...GATE_COMMANDS,
  ...OPERATION_COMMANDS,
  ...LOOK_COMMANDS,
]

const BY_VERB: ReadonlyMap<string, AnyCommandRow> = new Map(CATALOGUE.map((row) => [row.verb, row]))

/** The row of a verb, case-insensitive, when the command lives on the surface. */
export const findCommand = (verb: string, surface: Surface): AnyCommandRow | null => {
  const row = BY_VERB.get(verb.toLowerCase())
  return row?.surfaces.includes(surface) === true ? row : null
}

export const verbsOn = (surface: Surface): readonly string[] =>
  CATALOGUE.filter((row) => row.surfaces.includes(surface)).map((row) => row.verb)
