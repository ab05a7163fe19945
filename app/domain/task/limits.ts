/** How much of each list a task keeps, so that no command can make a record that GitHub would not take. Lengths of texts are bounded where they are read. */

/** The most that a task takes; the next one is refused with what to do instead. */
export const MOST = {
  attempts: 200,
  notes: 100,
  /** Of one attempt: each is an event that the log keeps for good. */
  'tool calls': 1_000,
  blockers: 20,
  dependencies: 50,
  'pull requests': 50,
  tags: 20,
  links: 50,
  requires: 20,
  routing: 20,
  acceptance: 30,
  steps: 20,
} as const

/** What policy says of tools to the holder of one attempt: beyond this it is answered and not put on record any more. */
export const MOST_VERDICTS_ON_TOOLS = 1_000

/** Details that are lists. */
export const DETAIL_LISTS = ['tags', 'links', 'requires', 'routing', 'acceptance'] as const

/** Of one detail, as canonical JSON: a record of 48 KB holds all of them. */
export const MAX_DETAIL_CHARS = 4_000

/** What one step hands in, as canonical JSON. */
export const MAX_STEP_CHARS = 1_000

export type Limited = keyof typeof MOST

/** The most that the state keeps of what runs report by themselves; older ones stay in the events. Of evidence see keep-evidence.ts. */
export const KEPT = { evidence: 200, artifacts: 200, warnings: 20 } as const
