/**
 * Reads a search query: words, "phrases", and `qualifier:value` with an optional minus. What the values mean is decided
 * in match-issue.ts; unknown qualifiers are kept, so that the route can refuse them.
 */
export interface Term {
  /** In lower case; null for a plain word or phrase. */
  readonly qualifier: string | null
  /** Alternatives: `label:bug,"help wanted"` has two. */
  readonly values: readonly string[]
  readonly negated: boolean
}

const TERM = /(-?)(?:([a-z-]+):)?((?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)/gi

export function parseQuery(text: string): readonly Term[] {
  return [...text.matchAll(TERM)].map(([, minus, qualifier, values = '']) => ({
    qualifier: qualifier?.toLowerCase() ?? null,
    values: [...values.matchAll(/"([^"]*)"|([^",]+)/g)].map(([, phrase, word]) => phrase ?? word ?? ''),
    negated: minus === '-',
  }))
}
