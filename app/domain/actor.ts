/** Who asks. Identity comes from the adapter that authenticated it; the domain only compares and records it. */

/** GitHub's roles on a repository, lowest first; `none` may not even read. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface Actor {
  /** `user`: a person on GitHub; `bot`: another App; `agent`: an agent key; `ci`: a workflow run; `app`: Muster itself. */
  readonly kind: 'user' | 'bot' | 'agent' | 'ci' | 'app'
  /** Login, agent id, run id or `muster`. */
  readonly id: string
}

export const hasRole = (held: Role, needed: Role): boolean => ROLES.indexOf(held) >= ROLES.indexOf(needed)

/** Muster acting by itself: ticks, imports, repairs. */
export const MUSTER: Actor = { kind: 'app', id: 'muster' }
