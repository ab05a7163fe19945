/**
 * Labels of ours that somebody renamed or deleted for the whole repository: renamed back in one request, or, where that cannot
 * be, put up for a look on every task that wore it. Three times an hour for each; then it is left so, which is on record.
 */
import type { Actor } from '../../../domain/actor.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import { reconcileTask } from '../../../engine/effects.ts'
import type { Clock, Documents, Outbox } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'
import { partlyFailed } from '../client/fault.ts'
import { fieldAnswers, mutationDocument } from '../graphql/mutation-document.ts'
import type { LabelChange } from '../../../engine/person-change.ts'
import { createReplicaBases, type Correction } from '../replica/base.ts'
import { correct, leftAlone, release } from '../replica/corrections.ts'
import { createTouches } from '../replica/touches.ts'
import { createLabelIdBook } from './label-ids.ts'
import { familyOf, STANDING_LABELS } from './label-table.ts'

export interface LabelFinding {
  readonly what: 'label-renamed' | 'label-deleted'
  readonly by: Actor
  readonly detail: string
  readonly identity: string
}

export interface MendLabelsOptions {
  readonly github: GitHub
  readonly documents: Documents
  readonly outbox: Pick<Outbox, 'put'>
  readonly clock: Clock
  /** Puts it on the project's record. */
  readonly found: (project: StreamId, finding: LabelFinding) => Promise<void>
}

interface Counted {
  readonly corrections: readonly Correction[]
  readonly held: readonly string[]
}

const KIND = 'label-repairs'
/** In every repository with a task. */
const MADE: ReadonlySet<string> = new Set(STANDING_LABELS.map(({ name }) => name))
const NONE: Counted = { corrections: [], held: [] }

export const createLabelMender = (options: MendLabelsOptions): ((change: LabelChange) => Promise<void>) => {
  const { github, documents, outbox, clock, found } = options
  const ids = createLabelIdBook(documents)
  const touches = createTouches(documents, clock)

  /** Whether it may be put right once more. */
  const mayMend = async (repositoryId: number, label: string): Promise<boolean> => {
    const key = String(repositoryId)
    const now = clock.now()
    const text = await documents.get(KIND, key)
    const counted = release(text === null ? NONE : (JSON.parse(text) as Counted), now)
    const { base } = correct(counted, label, now)
    await documents.put(KIND, key, JSON.stringify(base))
    return !leftAlone(base, now).includes(label)
  }

  /** False: another label of that name is there already. */
  const renameBack = async ({ installationId, nodeId, was }: LabelChange): Promise<boolean> => {
    const field = { field: 'updateLabel', input: { id: nodeId, name: was }, selection: 'label { id }' }
    const { query, variables } = mutationDocument('RenameLabel', [field])
    const [answer] = fieldAnswers(
      1,
      await github.installation(installationId, 'result').graphqlPartly(query, variables),
    )
    if (answer?.ok === true) return true
    if (answer?.type === 'UNPROCESSABLE' || answer?.type === 'NOT_FOUND') return false
    throw partlyFailed('RenameLabel', { forbidden: answer?.type === 'FORBIDDEN', retryAt: null })
  }

  const wearersOf = async (repositoryId: number, label: string): Promise<readonly StreamId[]> =>
    (await createReplicaBases(documents).list())
      .filter(({ base }) => base.issue.repositoryId === repositoryId && base.labels.includes(label))
      .map(({ stream }) => stream)

  const lookAt = async (wearers: readonly StreamId[]): Promise<number> => {
    for (const stream of wearers) {
      await touches.mark(stream, null)
      await outbox.put([{ ...reconcileTask(stream, clock.now()), lane: 'cosmetic' }])
    }
    return wearers.length
  }

  return async (change) => {
    const { repositoryId, was, is, by, delivery } = change
    await ids.forget(repositoryId)
    const label = was.toLowerCase()
    if (familyOf(label) === null || is?.toLowerCase() === label) return
    const wearers = await wearersOf(repositoryId, label)
    // People may have labels of their own under these prefixes.
    if (wearers.length === 0 && !MADE.has(label)) return
    const done = (await mayMend(repositoryId, label))
      ? is !== null && (await renameBack(change))
        ? 'it is called so again'
        : `the tasks that wore it (${await lookAt(wearers)}) are looked at and get it anew`
      : 'it is left so for an hour, because that was put right three times already. Find out who does it, and stop it'
    await found(`project/${repositoryId}`, {
      what: is === null ? 'label-deleted' : 'label-renamed',
      by,
      detail: `the label ${was} was ${is === null ? 'deleted' : 'renamed'}; ${done}`,
      identity: delivery,
    })
  }
}
