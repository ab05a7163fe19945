/** Writes one line into an issue's timeline. Webhooks are sent by the change itself. */
import type { Issue, IssueEvent } from '../model/issue.ts'
import { type Doer, doerAccount, doerAppId } from './doer.ts'

export function noteEvent(doer: Doer, issue: Issue, event: string, data: IssueEvent['data'] = {}): IssueEvent {
  const { state, clock } = doer.world
  return state.issueEvents.put({
    id: state.ids.next(),
    issueId: issue.id,
    event,
    actorId: doerAccount(doer).id,
    appId: doerAppId(doer),
    createdAt: clock.now(),
    data,
  })
}
