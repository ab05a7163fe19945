/** The identity of a command is what caused it. One cause is carried out once, however often and by whatever way it arrives. */
import type { StreamId } from '../domain/event/envelope.ts'

/** A slash command: the comment, its place among the comment's commands, and the SHA-256 of its normalised text. */
export const commentCause = (commentNodeId: string, ordinal: number, textSha256: string): string =>
  `comment:${commentNodeId}:${ordinal}:${textSha256.slice(0, 16)}`

/** An HTTP request with its idempotency key; keys are the agent's own, so they are kept apart per agent. */
export const httpCause = (agent: string, idempotencyKey: string): string => `http:${agent}:${idempotencyKey}`

/** A report: a job of one attempt of a workflow run, on one attempt of a task. */
export const reportCause = (report: {
  readonly repositoryId: number
  readonly runId: number
  readonly runAttempt: number
  /** Workflow and job. */
  readonly source: string
  readonly task: StreamId
  readonly attempt: number
}): string =>
  `report:${report.repositoryId}:${report.runId}:${report.runAttempt}:${report.source}:${report.task}:${report.attempt}`

/** A fact read from GitHub (a head, a pull request's state, a title): the fact itself is the identity. */
export const factCause = (stream: StreamId, what: string, value: string): string => `fact:${stream}:${what}:${value}`

/** A person's click or label change, by the id of GitHub's own event for it. */
export const clickCause = (kind: string, id: number | string): string => `click:${kind}:${id}`

/** Time passing over a stream as it stood at a version. */
export const tickCause = (stream: StreamId, version: number): string => `tick:${stream}:${version}`

/** What one task's change means to another, as both stood. */
export const settleCause = (dependent: StreamId, at: number, on: StreamId, version: number): string =>
  `settle:${dependent}:${at}:${on}:${version}`

/** What a refusal put on record: no repetition may take it for the command itself, which was not carried out. */
export const refusalCause = (cause: string, id: string): string => `refused:${id}:${cause}`
