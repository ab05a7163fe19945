/** The shape of one command in the catalogue: everything that parser, help, permissions and every surface know of it. */

import type { Role } from '../../domain/actor.ts'
import type { Intent } from './intent.ts'
import type { ValueOf, ValueTypeName } from './value-types.ts'

/** Where a command may come from. */
export type Surface = 'comment' | 'http'

export type CommandGroup = 'Tasks' | 'Attempts' | 'Operations' | 'Looking'

export interface ArgumentSpec {
  readonly name: string
  readonly type: ValueTypeName
  readonly description: string
  readonly required?: true
  /** By its place, without name; in the order of the list. The name works too. */
  readonly positional?: true
  /** Takes every further value; the last positional one only. */
  readonly many?: true
  /** The line as it stands behind the verb, quotes optional; the only argument in comments then. */
  readonly rest?: true
  /** Absent: on every surface of the row. */
  readonly only?: Surface
}

type ArgumentOf<Spec extends ArgumentSpec> = Spec extends { readonly many: true }
  ? readonly ValueOf<Spec['type']>[]
  : Spec extends { readonly required: true }
    ? ValueOf<Spec['type']>
    : ValueOf<Spec['type']> | null

/** The arguments as `toIntent` gets them: read, complete, null where an optional one is missing. */
export type ArgumentsOf<Specs extends readonly ArgumentSpec[]> = {
  readonly [Spec in Specs[number] as Spec['name']]: ArgumentOf<Spec>
}

/** Who asks, as far as a command's meaning depends on it. */
export interface Asker {
  /** Login, or the id of the agent whose key was used. */
  readonly id: string
}

export interface CommandRow<Specs extends readonly ArgumentSpec[] = readonly ArgumentSpec[], Args = unknown> {
  readonly verb: string
  /** One line, in the imperative, without full stop. */
  readonly summary: string
  readonly group: CommandGroup
  /** The role on the repository that is enough by default. */
  readonly role: Extract<Role, 'read' | 'triage' | 'write' | 'admin'>
  /** The gate says which role is enough; `role` is that of gates that say nothing. */
  readonly decidedBy?: 'gate'
  readonly surfaces: readonly Surface[]
  readonly arguments: Specs
  /** Without the slash; the first is the plainest. */
  readonly examples: readonly string[]
  readonly toIntent: (args: Args, asker: Asker) => Intent
}

/** A row of the catalogue with its arguments' types forgotten. */
export type AnyCommandRow = CommandRow<readonly ArgumentSpec[], Readonly<Record<string, unknown>>>

/** Checks `toIntent` against the row's own arguments, then forgets their types so that rows fit one list. */
export const defineCommand = <const Specs extends readonly ArgumentSpec[]>(
  row: CommandRow<Specs, ArgumentsOf<Specs>>,
): AnyCommandRow => row as unknown as AnyCommandRow
