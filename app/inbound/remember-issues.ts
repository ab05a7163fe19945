/** Remembers the titles and bodies of issues between briefs, so that an agent that asks again costs no request. An edit makes it forget. */
import type { Millis } from '../domain/event/envelope.ts'
import type { Clock, Documents } from '../engine/ports.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'

const KIND = 'issue-text'
/** The edit's webhook may be lost: text older than this is read again. */
const FRESH_MS: Millis = 10 * 60_000

interface Remembered {
  readonly title: string
  readonly body: string
  readonly readAt: Millis
}

export interface RememberingFacts extends GitHubFacts {
  /** The issue was edited. */
  forgetIssue(place: RepositoryPlace, number: number): Promise<void>
}

export const rememberIssues = (
  facts: GitHubFacts,
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
): RememberingFacts => {
  const keyOf = (place: RepositoryPlace, number: number): string => `${place.repositoryId}/${number}`
  return {
    ...facts,
    async issue(place, number) {
      const text = await documents.get(KIND, keyOf(place, number))
      const known = text === null ? null : (JSON.parse(text) as Remembered)
      if (known !== null && clock.now() - known.readAt < FRESH_MS) return { title: known.title, body: known.body }
      const issue = await facts.issue(place, number)
      if (issue === null) return null
      const remembered: Remembered = { ...issue, readAt: clock.now() }
      await documents.put(KIND, keyOf(place, number), JSON.stringify(remembered))
      return issue
    },
    forgetIssue: (place, number) => documents.delete(KIND, keyOf(place, number)),
  }
}
