/** Who exists: people, bots and organisations (one table, as on GitHub), Apps and their installations. Types only. */

import type { components } from '@octokit/openapi-types'

/** GitHub's repository roles, weakest first. `permission` in the REST answer folds triage to read, maintain to write. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const
export type Role = (typeof ROLES)[number]

export function roleAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

export interface Account {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
  readonly name: string | null
  readonly createdAt: number
}

/** The App permissions that the sandbox knows. */
export const PERMISSION_NAMES = [
  'metadata',
  'issues',
  'pull_requests',
  'checks',
  'statuses',
  'contents',
  'actions',
  'workflows',
  'administration',
  'members',
] as const
export type PermissionLevel = 'read' | 'write'
export type PermissionName = (typeof PERMISSION_NAMES)[number]
/** Levels as GitHub's description has them (workflows: write only). */
export type Permissions = Readonly<Pick<components['schemas']['app-permissions'], PermissionName>>

export interface App {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly clientId: string
  readonly ownerId: number
  /** The bot account that acts for the App, `slug[bot]`. */
  readonly botId: number
  /** SPKI PEM: the sandbox only verifies. Null: nobody signs in as this App (GitHub's own Actions App). */
  readonly publicKey: string | null
  readonly permissions: Permissions
  /** Webhook event names the App subscribes to. */
  readonly events: readonly string[]
  readonly hook: {
    readonly id: number
    readonly url: string | null
    readonly secret: string
    readonly contentType: string
  }
  readonly createdAt: number
}

export interface Installation {
  readonly id: number
  readonly appId: number
  readonly accountId: number
  /** 'all' repositories of the account, or the listed ones. */
  readonly repositories: 'all' | readonly number[]
  readonly permissions: Permissions
  readonly suspendedAt: number | null
  readonly createdAt: number
}
