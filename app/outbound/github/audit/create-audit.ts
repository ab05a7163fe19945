/** Plugs an audit into the client: the readers for a project's repository. */
import type { Project } from '../../../domain/project/project.ts'
import type { Store } from '../../../engine/ports.ts'
import type { AuditReport } from '../../../../schemas/audit-report.ts'
import type { GitHub } from '../client.ts'
import { createGitHubComments } from '../github-comments.ts'
import { createGitHubLedgerIssues } from '../github-ledger-issues.ts'
import type { OwnAccount } from '../own-account.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { auditProject } from './audit-project.ts'

export const createAudit =
  (options: {
    readonly github: GitHub
    readonly store: Pick<Store, 'log' | 'projections' | 'documents'>
    readonly keys: RecordKeys
    readonly appId: number
    readonly account: OwnAccount
  }) =>
  (project: Project): Promise<AuditReport> => {
    const { github, store, keys, appId, account } = options
    const client = github.installation(project.installationId, 'cosmetic')
    return auditProject(project, {
      client,
      reader: createGitHubComments({ client, appId, repository: project.repository }),
      issues: createGitHubLedgerIssues({ client, trustedApps: [appId], botLogin: account.botLogin }),
      log: store.log,
      projections: store.projections,
      documents: store.documents,
      keys,
      appId,
    })
  }
