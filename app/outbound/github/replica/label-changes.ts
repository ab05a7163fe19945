/** Who changed our labels: GitHub's own events of the issue, newest last. An event of ours, or none, is no person's change. */
import type { Actor } from '../../../domain/actor.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { InstallationClient } from '../client.ts'
import type { Differences } from './compare.ts'
import type { PersonChange } from '../../../engine/person-change.ts'

export interface LabelEvent {
  readonly id: number
  readonly change: 'added' | 'removed'
  /** Lower case. */
  readonly label: string
  readonly by: Actor
  readonly at: number
  /** The App that acted, or null. */
  readonly appId: number | null
}

export interface LabelChangeInput {
  readonly client: InstallationClient
  readonly repository: { readonly owner: string; readonly name: string }
  readonly number: number
  readonly appId: number
}

/** The newest event decides: what a person took off and put back is no change. */
export const explainLabels = (
  stream: StreamId,
  { added, removed }: Differences['labels'],
  events: readonly LabelEvent[],
  appId: number,
): readonly (PersonChange & { field: 'label' })[] =>
  [
    ...added.map((label) => ({ label, change: 'added' as const })),
    ...removed.map((label) => ({ label, change: 'removed' as const })),
  ].flatMap(({ label, change }) => {
    const newest = events.findLast((event) => event.label === label)
    if (newest === undefined || newest.change !== change || newest.appId === appId) return []
    return [{ field: 'label', stream, change, label, by: newest.by, eventId: newest.id, at: newest.at }]
  })

const PER_PAGE = 100

/** The newest hundred or more label events of the issue. One request, two when the issue has a long history. */
export const readLabelEvents = async (input: LabelChangeInput): Promise<readonly LabelEvent[]> => {
  const first = await readPage(input, 1)
  const last = first.lastPage
  return last === 1 ? first.events : (await readPage(input, last)).events
}

const readPage = async ({ client, repository, number }: LabelChangeInput, page: number) => {
  const { data, headers } = await client.rest.issues.listEvents({
    owner: repository.owner,
    repo: repository.name,
    issue_number: number,
    per_page: PER_PAGE,
    page,
  })
  const events = data.flatMap((event): LabelEvent[] => {
    if (event.event !== 'labeled' && event.event !== 'unlabeled') return []
    const { actor } = event
    const name = 'label' in event ? event.label?.name : undefined
    if (typeof name !== 'string') return []
    return [
      {
        id: event.id,
        change: event.event === 'labeled' ? 'added' : 'removed',
        label: name.toLowerCase(),
        by: { kind: actor?.type === 'Bot' ? 'bot' : 'user', id: actor?.login ?? 'ghost' },
        at: Date.parse(event.created_at),
        appId: event.performed_via_github_app?.id ?? null,
      },
    ]
  })
  const lastPage = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(headers.link ?? '')?.[1] ?? page)
  return { events, lastPage }
}
