/**
 * Mutations that wait together go out together: GitHub counts requests, not the fields in one. At most two requests of a name
 * are under way; what comes meanwhile is the next batch, so that a lone mutation waits for nothing and a crowd shares.
 */
import {
  fieldAnswers,
  mutationDocument,
  type FieldAnswer,
  type MutationDocument,
  type MutationField,
} from '../graphql/mutation-document.ts'
import { isGitHubFault } from './fault.ts'
import type { GraphqlAnswer } from './graphql.ts'

/** What came of each field, in order. Throws a GitHubFault when the request as a whole failed. */
export type Mutate = (name: string, fields: readonly MutationField[]) => Promise<readonly FieldAnswer[]>

type Send = (document: MutationDocument) => Promise<GraphqlAnswer<Readonly<Record<string, unknown>>>>

const UNDER_WAY = 2
/** GitHub runs the fields of a request one after another, and gives a request ten seconds. */
const MOST_FIELDS = 20
/** Of inputs, as JSON: a record comment has up to 64 KB. */
const MOST_CHARS = 400_000

interface Call {
  readonly fields: readonly MutationField[]
  readonly chars: number
  readonly resolve: (answers: readonly FieldAnswer[]) => void
  readonly reject: (reason: unknown) => void
}

export const createMutationBatches = (send: Send): Mutate => {
  const lines = new Map<string, ReturnType<typeof createLine>>()
  return (name, fields) => {
    const line = lines.get(name) ?? createLine(name, send)
    lines.set(name, line)
    return line(fields)
  }
}

const createLine = (name: string, send: Send) => {
  const waiting: Call[] = []
  let underWay = 0
  let mostFields = MOST_FIELDS

  const carry = async (calls: readonly Call[]): Promise<void> => {
    const fields = calls.flatMap((call) => call.fields)
    try {
      const answers = fieldAnswers(fields.length, await send(mutationDocument(name, fields)))
      mostFields = Math.min(MOST_FIELDS, mostFields + 1)
      let next = 0
      for (const call of calls) call.resolve(answers.slice(next, (next += call.fields.length)))
    } catch (error) {
      // Nothing of it was done, and only one of them need be at fault.
      if (calls.length > 1 && isGitHubFault(error, 'invalid')) {
        for (const call of calls) await carry([call])
        return
      }
      // It may have been too much for GitHub's ten seconds.
      if (isGitHubFault(error) && error.ambiguous) mostFields = Math.max(1, Math.floor(fields.length / 2))
      for (const call of calls) call.reject(error)
    }
  }

  const begin = (): void => {
    while (underWay < UNDER_WAY && waiting.length > 0) {
      underWay += 1
      void carry(waiting.splice(0, howMany(waiting, mostFields))).finally(() => {
        underWay -= 1
        begin()
      })
    }
  }

  return (fields: readonly MutationField[]): Promise<readonly FieldAnswer[]> =>
    new Promise((resolve, reject) => {
      const chars = fields.reduce((sum, { input }) => sum + JSON.stringify(input).length, 0)
      waiting.push({ fields, chars, resolve, reject })
      begin()
    })
}

/** How many of the first calls fit into one request; at least one. */
const howMany = (calls: readonly Call[], mostFields: number): number => {
  let fields = 0
  let chars = 0
  const end = calls.findIndex((call) => {
    fields += call.fields.length
    chars += call.chars
    return fields > mostFields || chars > MOST_CHARS
  })
  return end === -1 ? calls.length : Math.max(1, end)
}
