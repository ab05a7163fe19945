/** Looks for what a create whose answer never came may have left behind, and for doubles of it. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import { CONSTANT_NAME } from '../checks/constant-check.ts'
import type { CheckRun } from '../checks/check-run.ts'
import { checkKey } from '../checks/check-run.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import { pullCommentMark } from '../pull-comment.ts'
import type { AppliedCheck, ReplicaBase } from './base.ts'
import type { Desired } from './desired.ts'
import { RECORD_KEY, checkOfUnsureKey, checkUnsureKey, pullUnsureKey, type Operation } from './operations.ts'
import { commentPlace, readComments } from './read-comments.ts'

export interface ProbeInput {
  readonly client: InstallationClient
  readonly repository: { readonly owner: string; readonly name: string }
  readonly appId: number
  readonly task: Task
  readonly desired: Desired
  readonly pulls: Readonly<Record<number, string>>
  /** Unsure keys to look for. The record comment is looked for by `observe`. */
  readonly keys: readonly string[]
}

export interface Probed {
  readonly base: ReplicaBase
  /** Doubles to take away; the one with the lowest id stays. */
  readonly healing: readonly Operation[]
}

/** GitHub's replicas lag by seconds; doubles that they hid are looked for once more after this. */
export const LOOK_AGAIN_MS: Millis = 60_000

/** The base with everything found noted. What was not found is created by the next diff, and looked for again later. */
export const probe = async (base: ReplicaBase, input: ProbeInput): Promise<Probed> => {
  let probed: Probed = { base, healing: [] }
  for (const { pull } of input.desired.pullComments) {
    const nodeId = input.pulls[pull]
    if (nodeId !== undefined && input.keys.includes(pullUnsureKey(pull))) {
      probed = await probePullComment(probed, pull, nodeId, input)
    }
  }
  for (const check of input.keys.map(checkOfUnsureKey)) {
    // Also where the attempt has moved on since: what was made there must not be left in progress for ever.
    if (check !== null) probed = await probeCheck(probed, check, input)
  }
  return probed
}

const probePullComment = async (
  { base, healing }: Probed,
  pull: number,
  nodeId: string,
  { client, task }: ProbeInput,
): Promise<Probed> => {
  const mark = pullCommentMark(task, { number: pull })
  const ours = (await readComments(client, nodeId))
    .filter(({ viewerDidAuthor, body }) => viewerDidAuthor && body.includes(mark))
    .toSorted((a, b) => a.databaseId - b.databaseId)
  const [first, ...doubles] = ours.map(commentPlace)
  if (first === undefined) return { base, healing }
  const known = base.pullComments[pull]
  const hash = known?.nodeId === first.nodeId ? known.hash : UNKNOWN_HASH
  return {
    base: { ...base, pullComments: { ...base.pullComments, [pull]: { ...first, hash } } },
    healing: [...healing, ...doubles.map((comment) => ({ kind: 'delete-comment', comment }) as const)],
  }
}

/** Equal to no body's: what was found is written once more. */
const UNKNOWN_HASH = ''

const probeCheck = async (
  { base, healing }: Probed,
  check: Pick<CheckRun, 'externalId' | 'headSha'>,
  { client, repository, appId, desired }: ProbeInput,
): Promise<Probed> => {
  const isConstant = desired.checks.some(
    ({ externalId, name }) => externalId === check.externalId && name === CONSTANT_NAME,
  )
  const asked = client.rest.checks.listForRef({
    owner: repository.owner,
    repo: repository.name,
    ref: check.headSha,
    app_id: appId,
    filter: 'all',
    per_page: 100,
    ...(isConstant ? { check_name: CONSTANT_NAME } : {}),
  })
  const runs = await asked.then(
    ({ data }) => data.check_runs,
    (error: unknown) => {
      // GitHub does not have the commit: nothing of ours can be on it.
      if (isGitHubFault(error, 'invalid') || isGitHubFault(error, 'not-found')) return []
      throw error
    },
  )
  const ours = runs
    .filter((run) => run.app?.id === appId && run.external_id === check.externalId)
    .toSorted((a, b) => a.id - b.id)
  const [first, ...doubles] = ours
  if (first === undefined) return { base, healing }
  const known = base.checks[checkKey(check)]
  const applied: AppliedCheck = {
    nodeId: first.node_id,
    id: first.id,
    name: first.name,
    externalId: check.externalId,
    headSha: check.headSha,
    hash: known?.nodeId === first.node_id ? known.hash : UNKNOWN_HASH,
    completed: first.status === 'completed',
    annotated: first.output.annotations_count,
  }
  return {
    base: { ...base, checks: { ...base.checks, [checkKey(check)]: applied } },
    healing: [
      ...healing,
      ...doubles.map(({ id, node_id }) => ({ kind: 'retire-check', place: { id, nodeId: node_id } }) as const),
    ],
  }
}

/** The base after a probe: nothing is unsure any more, and what was not found will be looked for again, with what waits for that already. */
export const settleProbe = (base: ReplicaBase, keys: readonly string[], now: Millis): ReplicaBase => {
  const repeated = keys.filter((key) => !isFound(base, key))
  const waiting = base.lookAgain !== null && base.lookAgain.at > now ? base.lookAgain : null
  const again = { at: now + LOOK_AGAIN_MS, keys: [...new Set([...(waiting?.keys ?? []), ...repeated])] }
  return { ...base, unsure: [], lookAgain: repeated.length === 0 ? waiting : again }
}

const isFound = (base: ReplicaBase, key: string): boolean =>
  key === RECORD_KEY
    ? base.record !== null
    : Object.keys(base.pullComments).some((pull) => pullUnsureKey(Number(pull)) === key) ||
      Object.values(base.checks).some((check) => checkUnsureKey(check) === key)
