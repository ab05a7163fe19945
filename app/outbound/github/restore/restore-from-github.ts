/** Plugs a restore into the client: which installation and repository `owner/name` is, and the readers for it. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import { projectStream } from '../../../domain/event/envelope.ts'
import type { EventLog, Fold } from '../../../engine/ports.ts'
import type { RestoreReport } from '../../../../schemas/restore-report.ts'
import type { GitHub } from '../client.ts'
import { createGitHubComments } from '../github-comments.ts'
import { createGitHubLedgerIssues } from '../github-ledger-issues.ts'
import type { RepositoryPlace } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { restoreProject, type RestoreOptions } from './restore-project.ts'

export interface FoundRepository {
  readonly place: RepositoryPlace
  readonly installationId: number
  readonly project: StreamId
}

export interface GitHubRestore {
  /** Throws a GitHubFault `not-found` when the App is not installed there. */
  find(repository: string): Promise<FoundRepository>
  restore(
    found: Pick<FoundRepository, 'place' | 'installationId'>,
    scope: RestoreOptions['scope'],
  ): Promise<RestoreReport>
}

export interface GitHubRestoreOptions {
  readonly github: GitHub
  readonly log: EventLog
  readonly fold: Fold
  readonly keys: RecordKeys
  /** Our own App first; the rest are earlier ones whose records are believed too. */
  readonly trustedApps: readonly [number, ...number[]]
  /** `muster[bot]`; null when earlier Apps may have made the ledger. */
  readonly botLogin: string | null
}

export const createGitHubRestore = (options: GitHubRestoreOptions): GitHubRestore => {
  const { github, log, fold, keys, trustedApps, botLogin } = options
  return {
    async find(repository) {
      const [owner = '', repo = ''] = repository.split('/')
      const { data: installation } = await github.asApp('GET /repos/{owner}/{repo}/installation', { owner, repo })
      const { data } = await github.installation(installation.id, 'result').rest.repos.get({ owner, repo })
      const place = { id: data.id, nodeId: data.node_id, name: data.full_name }
      return { place, installationId: installation.id, project: projectStream(data.id) }
    },
    restore({ place, installationId }, scope) {
      const client = github.installation(installationId, 'result')
      const reader = createGitHubComments({ client, appId: trustedApps[0], repository: place.name })
      const issues = createGitHubLedgerIssues({ client, trustedApps, botLogin })
      return restoreProject(place, { reader, issues, log, fold, keys, trustedApps, scope })
    },
  }
}
