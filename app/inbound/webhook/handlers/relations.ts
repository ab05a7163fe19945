/** An edge between two issues was drawn or taken away: the issue that it starts from is looked at. What it means is found there, not in the payload. */
import { streamAt } from '../../standing-at.ts'
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
  const stream = await streamAt(engine.store.projections, { repositoryId }, number)
  if ((await engine.store.projections.task(stream)) === null) return
  await observe(stream, { kind: sender.isBot ? 'bot' : 'user', id: sender.login })
}
