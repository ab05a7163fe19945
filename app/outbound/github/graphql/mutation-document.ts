/** Many mutations as one GraphQL request: each under its own alias with its input as a variable, so that no text is ever part of the document. */
import type { GraphqlAnswer } from '../client/graphql.ts'

export interface MutationField {
  /** `addComment`; its input is called `AddCommentInput` and stands in the argument `input`. */
  readonly field: string
  readonly input: Readonly<Record<string, unknown>>
  /** What to answer with. */
  readonly selection: string
}

export interface MutationDocument {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

const alias = (index: number): string => `m${index}`
const variable = (index: number): string => `i${index}`
const inputType = (field: string): string => `${field[0]?.toUpperCase()}${field.slice(1)}Input`

/** GitHub runs the fields one after another, in this order. `name` is what the request is counted under. */
export const mutationDocument = (name: string, fields: readonly MutationField[]): MutationDocument => {
  const declared = fields.map(({ field }, index) => `$${variable(index)}: ${inputType(field)}!`)
  const lines = fields.map(
    ({ field, selection }, index) =>
      `  ${alias(index)}: ${field}(input: $${variable(index)}) { clientMutationId ${selection} }`,
  )
  return {
    query: `mutation ${name}(${declared.join(', ')}) {\n${lines.join('\n')}\n}`,
    variables: Object.fromEntries(fields.map(({ input }, index) => [variable(index), input])),
  }
}

export type FieldAnswer =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  /** `type` null: GitHub gave no reason, so that it may have been done all the same. */
  | { readonly ok: false; readonly type: string | null }

/** What came of each field, in the order of the document. */
export const fieldAnswers = (
  count: number,
  { data, errors }: GraphqlAnswer<Readonly<Record<string, unknown>>>,
): readonly FieldAnswer[] =>
  Array.from({ length: count }, (_, index) => {
    const answer = data[alias(index)]
    if (typeof answer === 'object' && answer !== null) return { ok: true, data: answer as Record<string, unknown> }
    const error = errors.find(({ path }) => path[0] === alias(index))
    return { ok: false, type: error?.type ?? null }
  })
