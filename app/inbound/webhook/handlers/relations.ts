/** An edge between two issues was drawn or taken away: the issue that it starts from is looked at. What it means is found there, not in the payload. */
import { taskAt } from '../../standing-at.ts'
import type { HandlerDeps } from '../deps.ts'
import type { IssueChange } from './issues.ts'

export interface RelationChange {
  /** Of the issue that the edge starts from. */
  readonly repositoryId: number
  readonly number: number
  readonly sender: IssueChange['sender']
}

export const onRelation = async (
  { engine, observe }: Pick<HandlerDeps, 'engine' | 'observe'>,
  { repositoryId, number, sender }: RelationChange,
): Promise<void> => {
  if (sender.isOurs) return
  const task = await taskAt(engine.store.projections, { repositoryId }, number)
  if (task === null) return
  await observe(task.stream, { kind: sender.isBot ? 'bot' : 'user', id: sender.login })
}
