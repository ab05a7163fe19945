/** The kinds of work that leave the log for the outside, as outbox rows. One row per thing to bring up to date, so that bursts coalesce. */
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { OutboxItem } from './ports.ts'

/** A comment on GitHub, as far as answering it needs. */
export interface CommentPlace {
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId?: number
  readonly installationId: number
  readonly issue: number
  readonly commentId: number
  readonly commentNodeId: string
}

export interface EffectPayload {
  /** Bring the issue of a task (labels, record comment, check runs, PR comments) to what its state wants. */
  'reconcile-task': { readonly stream: StreamId }
  /** Look at the issue of a task once GitHub's replicas have caught up. Nothing that is known is still to be written. */
  'look-at-task': { readonly stream: StreamId }
  /** Bring the ledger issue of a project up to date. */
  'reconcile-ledger': { readonly project: StreamId }
  /** Answer a person's comment: a reaction, and text when there is something to say. */
  answer: {
    readonly place: CommentPlace
    readonly reaction: 'rocket' | 'confused' | 'eyes'
    readonly text: string | null
  }
  /** Read a finished workflow run and the reports it uploaded. */
  'read-run': {
    readonly repository: string
    /** Absent in what versions before it put up. The same for a comment's place. */
    readonly repositoryId?: number
    readonly installationId: number
    readonly runId: number
    readonly runAttempt: number
  }
  /** Tell tasks that depend on this one that it was closed or opened again. */
  'settle-dependents': { readonly stream: StreamId }
  /** Look whether what a task has come to depend on was closed meanwhile. */
  'settle-dependency': { readonly stream: StreamId; readonly on: StreamId }
  /** Ask for room for a task that became urgent, where there is none. */
  'make-room': { readonly stream: StreamId; readonly version: number }
}

export type EffectKind = keyof EffectPayload
export type Effect = { [K in EffectKind]: { readonly kind: K; readonly payload: EffectPayload[K] } }[EffectKind]

/** Writes to one issue wait this long for company: a burst of commands becomes one update. */
export const DEBOUNCE_MS: Millis = 700
/** The ledger only has to keep up within the stated replica lag. */
export const LEDGER_DEBOUNCE_MS: Millis = 60_000

export const reconcileTask = (stream: StreamId, now: Millis): OutboxItem => ({
  key: `reconcile-task:${stream}`,
  kind: 'reconcile-task',
  queue: stream,
  payload: { stream },
  dueAt: now + DEBOUNCE_MS,
  lane: 'result',
})

export const lookAtTask = (stream: StreamId, at: Millis): OutboxItem => ({
  key: `look-at-task:${stream}`,
  kind: 'look-at-task',
  queue: stream,
  payload: { stream },
  dueAt: at,
  lane: 'result',
})

export const reconcileLedger = (project: StreamId, now: Millis): OutboxItem => ({
  key: `reconcile-ledger:${project}`,
  kind: 'reconcile-ledger',
  queue: project,
  payload: { project },
  dueAt: now + LEDGER_DEBOUNCE_MS,
  lane: 'cosmetic',
})

export const answer = (payload: EffectPayload['answer'], now: Millis): OutboxItem => ({
  key: `answer:${payload.place.commentNodeId}`,
  kind: 'answer',
  queue: null,
  payload,
  dueAt: now,
  lane: 'command',
})

export const readRun = (payload: EffectPayload['read-run'], now: Millis): OutboxItem => ({
  key: `read-run:${payload.repository}:${payload.runId}:${payload.runAttempt}`,
  kind: 'read-run',
  queue: null,
  payload,
  dueAt: now,
  lane: 'result',
})

export const makeRoomFor = (payload: EffectPayload['make-room'], now: Millis): OutboxItem => ({
  key: `make-room:${payload.stream}`,
  kind: 'make-room',
  queue: null,
  payload,
  dueAt: now,
  lane: 'command',
})

export const settleDependents = (payload: EffectPayload['settle-dependents'], now: Millis): OutboxItem => ({
  key: `settle-dependents:${payload.stream}`,
  kind: 'settle-dependents',
  queue: null,
  payload,
  dueAt: now,
  lane: 'result',
})

export const settleDependency = (payload: EffectPayload['settle-dependency'], now: Millis): OutboxItem => ({
  key: `settle-dependency:${payload.stream}:${payload.on}`,
  kind: 'settle-dependency',
  queue: null,
  payload,
  dueAt: now,
  lane: 'result',
})
