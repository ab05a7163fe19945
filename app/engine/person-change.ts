/** What somebody else did to an issue, as the reconciler found it. Whoever listens turns it into a command, under that person's rights. */
import type { Actor } from '../domain/actor.ts'
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { Milestone } from '../domain/task/state.ts'

/** `parent`: it is a part of the other; `blocked-by`: it waits for the other. */
export type EdgeKind = 'parent' | 'blocked-by'

export type PersonChange =
  | {
      readonly field: 'label'
      readonly stream: StreamId
      readonly change: 'added' | 'removed'
      /** Lower case, with its prefix. */
      readonly label: string
      readonly by: Actor
      /** Id of GitHub's own event for it: the identity of the command. */
      readonly eventId: number
      readonly at: Millis
    }
  /** A relation to another issue, drawn or taken away in GitHub's own way. */
  | {
      readonly field: 'edge'
      readonly stream: StreamId
      readonly change: 'added' | 'removed'
      readonly kind: EdgeKind
      /** The task at the other end, or what would be its stream where there is none. */
      readonly to: StreamId
      /** Where its issue is; null where it does not show any more. */
      readonly seen: { readonly repository: string; readonly repositoryId: number; readonly number: number } | null
      readonly by: Actor
      /** GitHub's id of its own event for it: the identity of the command. One edge arrives as several webhooks. */
      readonly eventId: string
      readonly at: Millis
    }
  /** Logins, sorted: who is assigned now. */
  | {
      readonly field: 'assignees'
      readonly stream: StreamId
      readonly assignees: readonly string[]
      readonly by: Actor | null
    }
  | {
      readonly field: 'milestone'
      readonly stream: StreamId
      readonly milestone: Milestone | null
      readonly by: Actor | null
    }
  | { readonly field: 'title'; readonly stream: StreamId; readonly title: string; readonly by: Actor | null }
  | { readonly field: 'state'; readonly stream: StreamId; readonly open: boolean; readonly by: Actor | null }
  /** Our record comment, or one with a chapter of older events, was edited, rolled back or deleted. It is not believed and is repaired. */
  | {
      readonly field: 'record'
      readonly stream: StreamId
      readonly what: 'record-edited' | 'record-deleted' | 'record-minimised' | 'chapter-edited' | 'chapter-deleted'
      readonly by: Actor | null
      readonly detail: string
      /** Says which tampering it is, so that finding it twice reports it once. */
      readonly identity: string
    }
  /** We put a field back three times within an hour, and somebody keeps changing it: it is left alone, and a person is needed. */
  | { readonly field: 'war'; readonly stream: StreamId; readonly over: string; readonly at: Millis }

export interface PersonChangeAnswer {
  /** One line to the person when the change was refused and is put back. */
  readonly explain: string | null
}

export type OnPersonChange = (change: PersonChange) => Promise<PersonChangeAnswer>

/** A label of the repository itself was renamed, changed or deleted. */
export interface LabelChange {
  readonly installationId: number
  readonly repositoryId: number
  /** Node id of the label. */
  readonly nodeId: string
  /** As it was before. */
  readonly was: string
  /** As it is now; null: deleted. */
  readonly is: string | null
  readonly by: Actor
  /** The delivery that told. */
  readonly delivery: string
}
