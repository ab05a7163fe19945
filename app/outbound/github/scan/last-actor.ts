/** Who did something to an issue last, by GitHub's own events of it: the newest hundred or more. One request, two on a long history. */
import type { ScannedAccount, ScanPlace } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'

const PER_PAGE = 100

export const createLastActor =
  (github: GitHub) =>
  async (
    { installationId, repository }: ScanPlace,
    issue: number,
    act: { readonly event: string; readonly label?: string },
  ): Promise<ScannedAccount | null> => {
    const [owner = '', repo = ''] = repository.split('/')
    const client = github.installation(installationId, 'cosmetic')
    const read = (page: number) =>
      client.rest.issues.listEvents({ owner, repo, issue_number: issue, per_page: PER_PAGE, page })
    const first = await read(1)
    const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(first.headers.link ?? '')?.[1] ?? 1)
    const { data } = last === 1 ? first : await read(last)
    const found = data.findLast((event) => {
      if (event.event !== act.event) return false
      const name = 'label' in event ? event.label?.name : undefined
      return act.label === undefined || name?.toLowerCase() === act.label
    })
    const actor = found?.actor ?? null
    return actor === null ? null : { id: actor.id, login: actor.login, isBot: actor.type === 'Bot' }
  }
