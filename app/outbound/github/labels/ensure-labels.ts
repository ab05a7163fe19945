/** Which labels must be made before an issue can wear them, and the answers to making them. */
import type { InstallationClient } from '../client.ts'
import type { FieldAnswer, MutationField } from '../graphql/mutation-document.ts'
import type { LabelIds } from './label-ids.ts'
import { STANDING_LABELS, type Label } from './label-table.ts'

/** The labels to make so that `wanted` can be worn: with the first standing label that is missing, all of them. */
export const labelsToMake = (wanted: readonly Label[], known: LabelIds): readonly Label[] => {
  const isMissing = ({ name }: Label): boolean => typeof known[name.toLowerCase()] !== 'string'
  const missing = wanted.filter(isMissing)
  const standing = missing.some(({ name }) => STANDING_LABELS.some((label) => label.name === name))
  const made = standing ? STANDING_LABELS.filter(isMissing) : []
  return [...made, ...missing.filter(({ name }) => !made.some((label) => label.name === name))]
}

export const labelField = (repositoryNodeId: string, { name, color, description }: Label): MutationField => ({
  field: 'createLabel',
  input: { repositoryId: repositoryNodeId, name, color, description },
  selection: 'label { id name }',
})

/** The ids of labels that were just made. */
export const madeLabels = (answers: readonly FieldAnswer[]): LabelIds =>
  Object.fromEntries(
    answers.flatMap((answer) => {
      const label = answer.ok ? (answer.data['label'] as { id?: unknown; name?: unknown } | null) : null
      return typeof label?.id === 'string' && typeof label.name === 'string'
        ? [[label.name.toLowerCase(), label.id] as const]
        : []
    }),
  )

/** The selection that looks labels up by name, to be put into a repository's. */
export const labelLookUp = (names: readonly string[]): string =>
  names.map((name, index) => `l${index}: label(name: ${JSON.stringify(name)}) { id }`).join('\n')

export const lookedUp = (names: readonly string[], repository: Readonly<Record<string, unknown>>): LabelIds =>
  Object.fromEntries(
    names.map((name, index) => {
      const label = repository[`l${index}`] as { id?: unknown } | null | undefined
      return [name.toLowerCase(), typeof label?.id === 'string' ? label.id : null] as const
    }),
  )

/** For labels that somebody else made in the meantime, and for names whose id was forgotten. */
export const lookUpLabels = async (
  client: InstallationClient,
  repository: { readonly owner: string; readonly name: string },
  names: readonly string[],
): Promise<LabelIds> => {
  const query = `query LookUpLabels($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { ${labelLookUp(names)} }
  }`
  const { data } = await client.graphqlPartly<{ repository: Record<string, unknown> }>(query, repository)
  return lookedUp(names, data.repository ?? {})
}
