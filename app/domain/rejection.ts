/** "You may not": a value, never an exception. Each surface renders it once, always with what to do next. */
import type { Actor, Role } from './actor.ts'
import type { Millis } from './event/envelope.ts'
import type { Limited } from './task/limits.ts'
import type { Fence, TaskStatus } from './task/state.ts'

export type Rejection =
  | { readonly code: 'not-a-task' }
  | { readonly code: 'role-too-low'; readonly needed: Role; readonly held: Role; readonly verb: string }
  | { readonly code: 'wrong-status'; readonly key: string; readonly status: TaskStatus; readonly verb: string }
  | {
      readonly code: 'already-claimed'
      readonly key: string
      readonly holder: string
      readonly until: Millis | null
    }
  | { readonly code: 'blocked'; readonly key: string; readonly reasons: readonly string[] }
  /** `on`: keys of the tasks that are not done. */
  | { readonly code: 'waits'; readonly key: string; readonly until: Millis | null; readonly on: readonly string[] }
  /** `status` is left out where the lease was lost while the question was asked. The same for `stale-fence`. */
  | { readonly code: 'no-lease'; readonly key: string; readonly verb: string; readonly status?: TaskStatus }
  | {
      readonly code: 'stale-fence'
      readonly key: string
      readonly given: Fence
      readonly current: Fence
      /** The project's: fences of older ones are void. */
      readonly epoch: number
      readonly status?: TaskStatus
    }
  | { readonly code: 'fence-missing'; readonly key: string; readonly holder: string }
  | { readonly code: 'not-the-holder'; readonly key: string; readonly holder: string; readonly actor: Actor }
  | { readonly code: 'no-such-attempt'; readonly key: string; readonly attempt: number }
  | { readonly code: 'no-such-blocker'; readonly key: string; readonly id: number | null }
  | { readonly code: 'no-such-finding'; readonly id: number }
  | { readonly code: 'no-such-step'; readonly key: string; readonly step: string }
  /** Against the task's own schema, or that of a step. */
  | {
      readonly code: 'input-invalid' | 'output-invalid'
      readonly key: string
      readonly step: string | null
      readonly problems: readonly string[]
    }
  | { readonly code: 'unknown-reference'; readonly reference: string }
  | { readonly code: 'self-dependency'; readonly key: string }
  | { readonly code: 'dependency-exists'; readonly key: string; readonly on: string }
  | { readonly code: 'no-such-dependency'; readonly key: string; readonly on: string }
  | { readonly code: 'dependency-cycle'; readonly path: readonly string[] }
  | { readonly code: 'ttl-out-of-range'; readonly minMs: Millis; readonly maxMs: Millis }
  | { readonly code: 'invalid-argument'; readonly argument: string; readonly problem: string }
  | { readonly code: 'too-many'; readonly key: string; readonly what: Limited | 'findings'; readonly most: number }
  | { readonly code: 'project-paused'; readonly reason: string }
  /** What was asked could not be read when it arrived. */
  | { readonly code: 'not-understood'; readonly verb: string }
  /** The same identity was given to something else before. */
  | { readonly code: 'idempotency-key-reused' }

export type RejectionCode = Rejection['code']

/** What `decide` answers. No events means: it holds already. */
export type Decision<Event> =
  { readonly ok: true; readonly events: readonly Event[] } | { readonly ok: false; readonly rejection: Rejection }

export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({ ok: true, events })
export const reject = <Event>(rejection: Rejection): Decision<Event> => ({ ok: false, rejection })
