/** Plugs a restore into the client: which installation and repository `owner/name` is, and the readers for it. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import { projectStream } from '../../../domain/event/envelope.ts'
import type { Clock, EventLog, Fold } from '../../../engine/ports.ts'
import type { RestoreReport } from '../../../../schemas/restore-report.ts'
import type { GitHub } from '../client.ts'
import { redirectsTo } from '../facts/issue-whereabouts.ts'
import { createGitHubComments } from '../github-comments.ts'
import { createGitHubLedgerIssues } from '../github-ledger-issues.ts'
import type { LedgerIssues, ReplicaReader, RepositoryPlace } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { createPatience, type PatienceLimits, type Sleep } from './patience.ts'
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
    /** Gets the marks that the ledger holds. */
    onMarks?: RestoreOptions['onMarks'],
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
  readonly clock: Clock
  readonly sleep: Sleep
  /** Left out: patient enough for a person who watches. */
  readonly patience?: PatienceLimits
}

export const createGitHubRestore = (options: GitHubRestoreOptions): GitHubRestore => {
  const { github, log, fold, keys, trustedApps, botLogin, clock, sleep } = options
  const patiently = createPatience(clock, sleep, options.patience)
  return {
    async find(repository) {
      const [owner = '', repo = ''] = repository.split('/')
      const { data: installation } = await github.asApp('GET /repos/{owner}/{repo}/installation', { owner, repo })
      const { data } = await github.installation(installation.id, 'result').rest.repos.get({ owner, repo })
      const place = { id: data.id, nodeId: data.node_id, name: data.full_name }
      return { place, installationId: installation.id, project: projectStream(data.id) }
    },
    restore({ place, installationId }, scope, onMarks = () => {}) {
      const client = github.installation(installationId, 'result')
      const comments = createGitHubComments({ client, appId: trustedApps[0], repository: place.name })
      const ledgers = createGitHubLedgerIssues({ client, trustedApps, botLogin })
      const reader: ReplicaReader = {
        comments: (nodeIds) => patiently(() => comments.comments(nodeIds)),
        states: (nodeIds) => patiently(() => comments.states(nodeIds)),
        commentsOf: (issue) => patiently(() => comments.commentsOf(issue)),
        recordsSince: (since) => patiently(() => comments.recordsSince(since)),
        ownVersions: (nodeId) => patiently(() => comments.ownVersions(nodeId)),
      }
      const issues: Pick<LedgerIssues, 'find'> = { find: (repository) => patiently(() => ledgers.find(repository)) }
      const redirects: RestoreOptions['redirectsTo'] = (origin, issue) =>
        patiently(() => redirectsTo(client, origin, issue.id))
      return restoreProject(place, {
        reader,
        issues,
        log,
        fold,
        keys,
        trustedApps,
        scope,
        onMarks,
        redirectsTo: redirects,
      })
    },
  }
}
