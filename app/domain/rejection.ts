/** "You may not": a value, never an exception. Each surface renders it once, always with what to do next. */
import type { Actor, Role } from './actor.ts'
import type { Unit } from './budget/books.ts'
import type { PeriodKind, ScopeKind } from './budget/limits.ts'
import type { Millis } from './event/envelope.ts'
import type { PolicyVerb } from './policy/rule.ts'
import type { KillScope } from './project/kill.ts'
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
  | {
      readonly code: 'no-lease'
      readonly key: string
      readonly verb: string
      readonly status?: TaskStatus
      /** Its issue was transferred to where Muster is not. */
      readonly away?: true
    }
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
  /** Agents may cancel what they made themselves and nobody else works on; `holder`: who does. */
  | { readonly code: 'not-the-maker'; readonly key: string; readonly agent: string; readonly holder: string | null }
  | { readonly code: 'not-the-holder'; readonly key: string; readonly holder: string; readonly actor: Actor }
  | { readonly code: 'no-such-attempt'; readonly key: string; readonly attempt: number }
  /** `oldest` and `newest`: those that are known. */
  | { readonly code: 'no-such-version'; readonly key: string; readonly oldest: number; readonly newest: number }
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
  /** Nothing of this number can become a task. */
  | { readonly code: 'no-such-issue'; readonly number: number }
  | { readonly code: 'self-dependency'; readonly key: string }
  | { readonly code: 'dependency-exists'; readonly key: string; readonly on: string }
  | { readonly code: 'no-such-dependency'; readonly key: string; readonly on: string }
  | { readonly code: 'dependency-cycle'; readonly path: readonly string[] }
  | { readonly code: 'parent-cycle'; readonly path: readonly string[] }
  | { readonly code: 'too-deep'; readonly key: string; readonly parent: string; readonly most: number }
  /** `key`: the parent. */
  | { readonly code: 'too-many-children'; readonly key: string; readonly most: number }
  | { readonly code: 'ttl-out-of-range'; readonly minMs: Millis; readonly maxMs: Millis }
  | { readonly code: 'invalid-argument'; readonly argument: string; readonly problem: string }
  | { readonly code: 'too-many'; readonly key: string; readonly what: Limited | 'findings'; readonly most: number }
  | {
      readonly code: 'lacks-capabilities'
      readonly key: string
      readonly agent: string
      readonly lacks: readonly string[]
    }
  /** An agent on trial takes its share of the tasks, and this is none of them. */
  | { readonly code: 'outside-share'; readonly key: string; readonly agent: string }
  /** `unfit`: ready, but not for who asked, or being claimed by others this moment. */
  | {
      readonly code: 'nothing-ready'
      readonly waiting: number
      readonly blocked: number
      readonly unfit: number
      readonly retryAfterMs: Millis
    }
  /** As much is worked on as may be at once: by `agent` when it is about one, in the project, or in its workspace. */
  | {
      readonly code: 'wip-limit'
      readonly of: 'agent' | 'project' | 'workspace'
      readonly agent: string | null
      readonly most: number
      readonly retryAfterMs: Millis
    }
  /** Of the scope and period: what is spent and reserved without what was asked for. `resetsAt`: null when it never does. */
  | {
      readonly code: 'budget-exceeded'
      readonly key: string
      readonly scope: ScopeKind
      readonly agent: string
      readonly period: PeriodKind
      readonly unit: Unit
      readonly limit: number
      readonly spent: number
      readonly reserved: number
      readonly asked: number
      readonly resetsAt: Millis | null
    }
  | { readonly code: 'quota-exceeded'; readonly agent: string; readonly perHour: number; readonly waitMs: Millis }
  | { readonly code: 'project-paused'; readonly reason: string }
  /** `agent`: whom the kill names; null for those of projects and workspaces. */
  | {
      readonly code: 'killed'
      readonly scope: KillScope
      readonly agent: string | null
      readonly reason: string
      readonly by: string
    }
  | { readonly code: 'not-killed'; readonly scope: KillScope; readonly agent: string | null }
  /** `rule` null: none allows it, where only what is allowed may be done. */
  | {
      readonly code: 'policy-denied'
      readonly key: string
      readonly verb: PolicyVerb
      readonly rule: string | null
      readonly reason: string
    }
  /** An agent would change what the rule looks at, so that it lets more pass. */
  | { readonly code: 'policy-loosened'; readonly key: string; readonly verb: PolicyVerb; readonly rule: string | null }
  /** It waits for people. */
  | {
      readonly code: 'gate-open'
      readonly key: string
      readonly verb: PolicyVerb
      readonly gate: string
      readonly approvals: number
      readonly role: Role
      readonly reason: string
      /** The commit that it is about; null: none yet. Absent in what versions before it kept. */
      readonly headSha?: string | null
    }
  | { readonly code: 'unknown-gate'; readonly gate: string; readonly known: readonly string[] }
  | { readonly code: 'people-only'; readonly verb: string }
  | { readonly code: 'own-approval'; readonly key: string; readonly gate: string }
  /** The commit to approve was not named, or is another one by now. */
  | {
      readonly code: 'other-head'
      readonly key: string
      readonly gate: string
      readonly given: string | null
      readonly headSha: string | null
    }
  /** `nearest`: what was probably meant; `known`: some that there are. Only what whoever asks may see. */
  | {
      readonly code: 'no-such-group'
      readonly name: string
      readonly nearest: string | null
      readonly known: readonly string[]
    }
  /** What was asked could not be read when it arrived. */
  | { readonly code: 'not-understood'; readonly verb: string }
  /** The same identity was given to something else before. */
  | { readonly code: 'idempotency-key-reused' }

export type RejectionCode = Rejection['code']

/** What `decide` answers. No events means: it holds already. A refusal may be put on record, with events that move nothing. */
export type Decision<Event> =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly rejection: Rejection; readonly events?: readonly Event[] }

export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({ ok: true, events })
export const reject = <Event>(rejection: Rejection): Decision<Event> => ({ ok: false, rejection })
export const rejectOnRecord = <Event>(rejection: Rejection, ...events: readonly Event[]): Decision<Event> => ({
  ok: false,
  rejection,
  events,
})
