/** Works on what a scan found, with the handlers that deliveries have. Who did what is read now, from GitHub's own events. */
import { isClosed } from '../../domain/task/state.ts'
import { projectStream } from '../../domain/event/envelope.ts'
import type { InboxItem, ScannedAccount } from '../../engine/ports.ts'
import { streamAt } from '../standing-at.ts'
import { onForeignRecord } from '../webhook/handlers/foreign-record.ts'
import { onComment, type CommentDeps } from '../webhook/handlers/issue-comment.ts'
import { isTaskLabel, onTaskLabel } from '../webhook/handlers/issues.ts'
import { onPullRequest } from '../webhook/handlers/pull-request.ts'
import type { IssueAct, ScanFacts } from './ports.ts'
import { readScanned, type Scanned, type ScannedItem } from './scanned-delivery.ts'

export type ScannedDeps = CommentDeps & { readonly scan: ScanFacts }

export const onScanned = async (deps: ScannedDeps, row: Pick<InboxItem, 'name' | 'body'>): Promise<void> => {
  const item = readScanned(row)
  const { place } = item
  switch (item.kind) {
    case 'comment':
      return onComment(deps, place, item.found.comment)
    case 'record':
      return onForeignRecord(deps, place, item.found)
    case 'touched':
      return onTouchedIssue(deps, item, item.found)
    case 'label':
      return onLabelled(deps, item, item.found)
    case 'ledger':
      return deps.ledgerTouched(projectStream(place.repositoryId), item.found.issue)
    case 'pull': {
      const { number, text } = item.found
      return onPullRequest(deps, place, number, text === null ? 'edited' : 'closed', text)
    }
  }
}

/** Whose rights count is asked only where it matters: for a title, and for who opened the issue of a closed task again. */
const onTouchedIssue = async (
  { engine, scan, observe }: ScannedDeps,
  { place }: ScannedItem,
  { issue, title, open }: Scanned['touched'],
): Promise<void> => {
  const stream = await streamAt(engine.store.projections, place, issue)
  const task = (await engine.store.projections.task(stream))?.task
  if (task === undefined) return
  const act: IssueAct | null =
    open && isClosed(task.status) ? { event: 'reopened' } : title !== task.title ? { event: 'renamed' } : null
  const actor = act === null ? null : await scan.lastActor(place, issue, act)
  await observe(stream, actor === null ? null : { kind: actor.isBot ? 'bot' : 'user', id: actor.login })
}

/** A form puts its labels on for whoever opened the issue. */
const onLabelled = async (
  deps: ScannedDeps,
  { place }: ScannedItem,
  { issue, nodeId, labels, author }: Scanned['label'],
): Promise<void> => {
  const label = labels.find(isTaskLabel)?.toLowerCase()
  if (label === undefined) return
  const actor: ScannedAccount | null = (await deps.scan.lastActor(place, issue, { event: 'labeled', label })) ?? author
  if (actor === null) return
  const sender = { login: actor.login, isBot: actor.isBot, isOurs: deps.isOurs(actor) }
  await onTaskLabel(deps, place, { number: issue, nodeId, labels, sender })
}
