/** Which repositories everybody may read: asked many at once and remembered for some minutes. Whatever is in doubt is not public. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock } from '../../../engine/ports.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import type { GraphqlAnswer } from '../client/graphql.ts'

/** GitHub does not tell us when a repository becomes private: for so long it may still be shown. */
const FRESH_MS: Millis = 5 * 60_000
/** Remembered at once; beyond, the oldest are forgotten. */
const MOST_KNOWN = 10_000
const PER_REQUEST = 100

interface Seen {
  readonly databaseId: number | null
  /** Internal ones too. */
  readonly isPrivate: boolean
  readonly nameWithOwner: string
}

type Answer = Readonly<Record<string, Seen | null>>

export const createPublicRepositories = (clock: Clock) => {
  /** By installation and name; `id` null: it is not public. */
  const known = new Map<string, { readonly id: number | null; readonly readAt: Millis }>()

  const learn = (key: string, id: number | null): void => {
    known.delete(key)
    known.set(key, { id, readAt: clock.now() })
    const oldest = known.size > MOST_KNOWN ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
  }

  return async (
    { installationId, graphqlPartly }: Pick<InstallationClient, 'installationId' | 'graphqlPartly'>,
    repositories: readonly string[],
  ): Promise<ReadonlyMap<string, number>> => {
    const names = [...new Set(repositories.map((name) => name.toLowerCase()))]
    const keyOf = (name: string): string => `${installationId}/${name}`
    const isKnown = (name: string): boolean => {
      const last = known.get(keyOf(name))
      return last !== undefined && clock.now() - last.readAt < FRESH_MS
    }
    const unknown = names.filter((name) => !isKnown(name))
    const found = new Map<string, number>()
    for (let from = 0; from < unknown.length; from += PER_REQUEST) {
      const asked = unknown.slice(from, from + PER_REQUEST)
      const answer = await ask(graphqlPartly, asked)
      if (answer === null) continue
      for (const [index, name] of asked.entries()) {
        const seen = answer.data[`r${index}`] ?? null
        // Neither there nor said to be missing: it is asked for again.
        if (answer.errors.some(({ path, type }) => path[0] === `r${index}` && type !== 'NOT_FOUND')) continue
        // Another name means that it moved: what stands in the configuration is not that repository any more.
        const isIt = seen?.isPrivate === false && seen.nameWithOwner.toLowerCase() === name
        learn(keyOf(name), isIt ? seen.databaseId : null)
      }
    }
    for (const name of names) {
      const id = isKnown(name) ? (known.get(keyOf(name))?.id ?? null) : null
      if (id !== null) found.set(name, id)
    }
    return found
  }
}

/** Null while GitHub does not say. */
const ask = async (
  graphqlPartly: InstallationClient['graphqlPartly'],
  names: readonly string[],
): Promise<GraphqlAnswer<Answer> | null> => {
  const variables = Object.fromEntries(
    names.flatMap((name, index) => {
      const [owner = '', repository = ''] = name.split('/')
      return [
        [`o${index}`, owner],
        [`n${index}`, repository],
      ]
    }),
  )
  const query = `query PublicRepositories(${names.map((_, index) => `$o${index}: String!, $n${index}: String!`).join(', ')}) {
    ${names.map((_, index) => `r${index}: repository(owner: $o${index}, name: $n${index}, followRenames: false) { databaseId isPrivate nameWithOwner }`).join('\n    ')}
  }`
  try {
    return await graphqlPartly<Answer>(query, variables)
  } catch (error) {
    if (isGitHubFault(error)) return null
    throw error
  }
}
