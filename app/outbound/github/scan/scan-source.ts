/** Reads what changed in a repository, a page at a time, in the lowest lane. What is unchanged since the last answer is asked for with its ETag: GitHub counts no request then. */
import type {
  ScanAnswer,
  ScanAsk,
  ScannedAccount,
  ScannedComment,
  ScannedIssue,
  ScanPlace,
  ScanSource,
} from '../../../engine/ports.ts'
import type { GitHub, InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import { installedRepositories } from './installed-repositories.ts'

export const createScanSource = (github: GitHub): ScanSource => {
  const clientOf = ({ installationId }: ScanPlace): InstallationClient =>
    github.installation(installationId, 'cosmetic')
  return {
    comments: (place, ask) =>
      conditional(async () => {
        const { data, headers } = await clientOf(place).rest.issues.listCommentsForRepo(asked(place, ask))
        return { rows: data.map(commentOf), ...aboutPage(headers) }
      }),
    issues: (place, ask) =>
      conditional(async () => {
        const { data, headers } = await clientOf(place).rest.issues.listForRepo({ ...asked(place, ask), state: 'all' })
        return { rows: data.map(issueOf), ...aboutPage(headers) }
      }),
    installed: () => installedRepositories(github),
  }
}

const PER_PAGE = 100

const asked = ({ repository }: ScanPlace, { since, page, etag }: ScanAsk) => {
  const [owner = '', repo = ''] = repository.split('/')
  return {
    owner,
    repo,
    since: new Date(since).toISOString().replace('.000Z', 'Z'),
    sort: 'updated',
    direction: 'asc',
    per_page: PER_PAGE,
    page,
    ...(etag === null ? {} : { headers: { 'if-none-match': etag } }),
  } as const
}

const aboutPage = ({ link, etag }: { readonly link?: string | undefined; readonly etag?: string | undefined }) => ({
  isLast: !(link ?? '').includes('rel="next"'),
  etag: etag ?? null,
})

const NOT_MODIFIED = 304

const conditional = async <Row>(
  read: () => Promise<{ readonly rows: readonly Row[]; readonly isLast: boolean; readonly etag: string | null }>,
): Promise<ScanAnswer<Row>> => {
  try {
    return { unchanged: false, ...(await read()) }
  } catch (error) {
    if (isGitHubFault(error) && error.status === NOT_MODIFIED) return { unchanged: true }
    throw error
  }
}

interface Account {
  readonly id: number
  readonly login: string
  readonly type?: string
}

const accountOf = (user: Account | null | undefined): ScannedAccount | null =>
  user === null || user === undefined ? null : { id: user.id, login: user.login, isBot: user.type === 'Bot' }

const commentOf = (row: {
  readonly id: number
  readonly node_id: string
  readonly body?: string | undefined
  readonly updated_at: string
  readonly html_url: string
  readonly issue_url: string
  readonly user: Account | null
  readonly performed_via_github_app?: { readonly id: number } | null | undefined
}): ScannedComment => ({
  id: row.id,
  nodeId: row.node_id,
  body: row.body ?? '',
  updatedAt: Date.parse(row.updated_at),
  author: accountOf(row.user),
  appId: row.performed_via_github_app?.id ?? null,
  issue: {
    number: Number(/\/issues\/(\d+)$/.exec(row.issue_url)?.[1] ?? 0),
    isPullRequest: /\/pull\/\d+#/.test(row.html_url),
  },
})

const issueOf = (row: {
  readonly node_id: string
  readonly number: number
  readonly title: string
  readonly state: string
  readonly locked: boolean
  readonly updated_at: string
  readonly user: Account | null
  readonly labels: readonly (string | { readonly name?: string | undefined })[]
  readonly pull_request?: unknown
}): ScannedIssue => ({
  nodeId: row.node_id,
  number: row.number,
  isPullRequest: row.pull_request !== undefined,
  title: row.title,
  open: row.state === 'open',
  locked: row.locked,
  labels: row.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
  updatedAt: Date.parse(row.updated_at),
  author: accountOf(row.user),
})
