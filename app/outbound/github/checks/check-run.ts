/** A check run as we want it to stand. Types only. */

export type Conclusion = 'success' | 'failure' | 'neutral' | 'action_required' | 'timed_out' | 'cancelled'

export type Progress =
  | { readonly status: 'queued' | 'in_progress' }
  | { readonly status: 'completed'; readonly conclusion: Conclusion; readonly completedAt: string }

export interface Annotation {
  /** Relative to the repository. */
  readonly path: string
  /** 1-based. */
  readonly line: number
  /** At most 255 characters. */
  readonly title: string
  readonly message: string
}

/** A button; GitHub shows it only after completion. */
export interface CheckAction {
  /** At most 20 characters. */
  readonly label: string
  /** At most 40 characters. */
  readonly description: string
  /** At most 20 characters. */
  readonly identifier: string
}

export interface CheckRun {
  /** What it is for: with the SHA it names one check run, whatever GitHub's id for it. */
  readonly externalId: string
  readonly name: string
  readonly headSha: string
  /** ISO 8601, or null while nobody has started. */
  readonly startedAt: string | null
  readonly progress: Progress
  readonly detailsUrl: string | null
  readonly title: string
  /** Markdown, at most 65,535 characters; so is `text`. */
  readonly summary: string
  readonly text: string | null
  /** In the order in which they are sent; GitHub appends and never takes one back. */
  readonly annotations: readonly Annotation[]
  /** At most three. */
  readonly actions: readonly CheckAction[]
}

/** One check run per purpose and commit. */
export const checkKey = ({ externalId, headSha }: Pick<CheckRun, 'externalId' | 'headSha'>): string =>
  `${externalId} ${headSha}`
