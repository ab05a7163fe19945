/** A GraphQL schema as plain data that can be compared: each type's members and what each looks like. */
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType } from 'graphql'

/** Type → member → its type, e.g. `Issue` → `comments(first:)` → `Int`, `Issue` → `comments` → `IssueCommentConnection!`. */
export type SchemaDescription = Readonly<Record<string, Readonly<Record<string, string>>>>

export function describeSchema(schema: GraphQLSchema): SchemaDescription {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'))
  return Object.fromEntries(types.map((type) => [type.name, Object.fromEntries(membersOf(type))]))
}

function membersOf(type: ReturnType<GraphQLSchema['getTypeMap']>[string]): [string, string][] {
  if (isEnumType(type)) return type.getValues().map((value) => [value.name, 'value'])
  if (isUnionType(type)) return type.getTypes().map((member) => [member.name, 'member'])
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => [field.name, String(field.type)])
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const members: [string, string][] = []
  for (const field of Object.values(type.getFields())) {
    members.push([field.name, String(field.type)])
    for (const arg of field.args) members.push([`${field.name}(${arg.name}:)`, String(arg.type)])
  }
  return members
}
