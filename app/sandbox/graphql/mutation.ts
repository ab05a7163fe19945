/** Every mutation has one `input` and one payload, and echoes clientMutationId. */
import { failIfMarked } from './failing-fields.ts'
import type { GraphqlContext, GraphqlResolver } from './part.ts'

/** `addComment` → its input type, payload type and the field on Mutation. */
export function mutationSdl(name: string, input: string, payload: string): string {
  const type = name[0]?.toUpperCase() + name.slice(1)
  return `
    input ${type}Input { clientMutationId: String ${input} }
    type ${type}Payload { clientMutationId: String ${payload} }
    extend type Mutation { ${name}(input: ${type}Input!): ${type}Payload }`
}

export function mutation(
  change: (input: Readonly<Record<string, unknown>>, c: GraphqlContext) => Readonly<Record<string, unknown>>,
): GraphqlResolver {
  return (root, args, c, info) => {
    failIfMarked(root, info.path.key)
    const input = (args['input'] ?? {}) as Readonly<Record<string, unknown>>
    return { clientMutationId: input['clientMutationId'] ?? null, ...change(input, c) }
  }
}
