/** Like `mutation`, for changes that take a moment: those that go through git. */
import { failIfMarked } from './failing-fields.ts'
import type { GraphqlContext, GraphqlResolver } from './part.ts'

type Input = Readonly<Record<string, unknown>>

export const slowMutation =
  (change: (input: Input, c: GraphqlContext) => Promise<Input> | Input): GraphqlResolver =>
  async (root, args, c, info) => {
    failIfMarked(root, info.path.key)
    const input = (args['input'] ?? {}) as Input
    return { clientMutationId: input['clientMutationId'] ?? null, ...(await change(input, c)) }
  }
