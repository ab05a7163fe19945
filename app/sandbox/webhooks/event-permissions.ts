/** Which events the sandbox sends, and the repository permission an App needs (read suffices) to be sent them. */
import type { PermissionName } from '../model/account.ts'

export const EVENT_PERMISSIONS = {
  issues: 'issues',
  issue_comment: 'issues',
  label: 'issues',
  milestone: 'issues',
  sub_issues: 'issues',
  issue_dependencies: 'issues',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  pull_request_review_comment: 'pull_requests',
  repository: 'metadata',
  push: 'contents',
  create: 'contents',
  delete: 'contents',
  repository_dispatch: 'contents',
  check_run: 'checks',
  check_suite: 'checks',
  status: 'statuses',
  workflow_run: 'actions',
  workflow_job: 'actions',
  workflow_dispatch: 'contents',
} as const satisfies Record<string, PermissionName | null>

/** Events about the installation itself: every App gets its own, without subscribing (see changes/installations.ts). */
export const INSTALLATION_EVENTS = ['installation', 'installation_repositories', 'installation_target'] as const

export type EventName = keyof typeof EVENT_PERMISSIONS
