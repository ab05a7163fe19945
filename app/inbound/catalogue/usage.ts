/** The usage line of a command, made from its row: `claim [agent=ID] [ttl=90m]`. */

import type { AnyCommandRow, ArgumentSpec, Surface } from './row.ts'
import { VALUE_TYPES } from './value-types.ts'

const renderArgument = (spec: ArgumentSpec): string => {
  const { placeholder } = VALUE_TYPES[spec.type]
  const bare = spec.positional === true || spec.rest === true
  const text = `${bare ? '' : `${spec.name}=`}${placeholder}${spec.many === true ? ' …' : ''}`
  return spec.required === true ? text : `[${text}]`
}

/** The arguments that a row has on a surface. */
export const argumentsOn = (row: AnyCommandRow, surface: Surface): readonly ArgumentSpec[] =>
  row.arguments.filter(({ only }) => only === undefined || only === surface)

export const renderUsage = (row: AnyCommandRow, surface: Surface = 'comment'): string =>
  [row.verb, ...argumentsOn(row, surface).map(renderArgument)].join(' ')
