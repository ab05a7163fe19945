/**
 * The world every sandbox starts with; ids are the same each time. The keys of the two Apps are made by the caller:
 * this file holds no secret.
 */
import type { Account, App, Permissions, Role } from './model/account.ts'
import type { Repository } from './model/repository.ts'
import type { State } from './model/state.ts'
import { type OrgMember, orgMembersOf, teamsOf } from './model/team.ts'

export const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'mallory'] as const
export type Person = (typeof PEOPLE)[number]

/** As app.yml asks for them, and no more: a test compares the two. */
export const MUSTER_EVENTS = [
  'issues',
  'issue_comment',
  'label',
  'repository',
  'sub_issues',
  'issue_dependencies',
  'pull_request',
  'push',
  'check_run',
  'check_suite',
  'workflow_run',
  'repository_dispatch',
]

export const MUSTER_PERMISSIONS: Permissions = {
  metadata: 'read',
  issues: 'write',
  checks: 'write',
  pull_requests: 'write',
  contents: 'read',
  actions: 'read',
}

const AGENT_PERMISSIONS: Permissions = {
  metadata: 'read',
  issues: 'write',
  pull_requests: 'write',
  contents: 'write',
  checks: 'read',
  actions: 'read',
}

export interface AppKeys {
  readonly publicKey: string
  readonly webhookSecret: string
}

export interface SeedInput {
  readonly muster: AppKeys
  readonly claude: AppKeys
  /** Where muster's webhooks go; null until an App says so. */
  readonly webhookUrl: string | null
}

export interface Seed {
  readonly org: Account
  readonly people: Readonly<Record<Person, Account>>
  readonly muster: App
  readonly claude: App
  readonly actions: App
  readonly installations: { readonly muster: number; readonly claude: number }
  readonly repositories: { readonly widgets: Repository; readonly secret: Repository; readonly dotGithub: Repository }
}

export function seed(state: State, input: SeedInput): Seed {
  const now = state.clock.now()
  const account = (id: number, login: string, type: Account['type'], name: string | null = null) =>
    state.accounts.put({ id, login, type, name, createdAt: now })
  const org = account(100, 'acme', 'Organization', 'Acme')
  const people = {
    alice: account(101, 'alice', 'User', 'Alice'),
    bob: account(102, 'bob', 'User', 'Bob'),
    carol: account(103, 'carol', 'User', 'Carol'),
    dave: account(104, 'dave', 'User', 'Dave'),
    mallory: account(105, 'mallory', 'User', 'Mallory'),
  }
  const app = (
    id: number,
    slug: string,
    keys: AppKeys | null,
    rest: Pick<App, 'permissions' | 'events'>,
    url: string | null,
  ) => {
    const bot = account(id + 1000, `${slug}[bot]`, 'Bot')
    return state.apps.put({
      id,
      slug,
      name: slug,
      clientId: `Iv23li${slug}`,
      ownerId: org.id,
      botId: bot.id,
      publicKey: keys?.publicKey ?? null,
      ...rest,
      hook: { id: id + 2000, url, secret: keys?.webhookSecret ?? '', contentType: 'json' },
      createdAt: now,
    })
  }
  const muster = app(
    201,
    'muster',
    input.muster,
    { permissions: MUSTER_PERMISSIONS, events: MUSTER_EVENTS },
    input.webhookUrl,
  )
  const claude = app(202, 'claude', input.claude, { permissions: AGENT_PERMISSIONS, events: [] }, null)
  const actions = app(15_368, 'github-actions', null, { permissions: {}, events: [] }, null)
  const install = (id: number, of: App) =>
    state.installations.put({
      id,
      appId: of.id,
      accountId: org.id,
      repositories: 'all',
      permissions: of.permissions,
      suspendedAt: null,
      createdAt: now,
    })
  install(301, muster)
  install(302, claude)
  const roles = (): Record<number, Role> => ({
    [people.alice.id]: 'admin',
    [people.bob.id]: 'write',
    [people.carol.id]: 'triage',
    [people.dave.id]: 'read',
  })
  const repository = (id: number, name: string, isPrivate: boolean, description: string) =>
    state.repositories.put({
      id,
      ownerId: org.id,
      name,
      private: isPrivate,
      description,
      defaultBranch: 'main',
      collaborators: roles(),
      customRoles: {},
      archived: false,
      lastNumber: 0,
      createdAt: now,
      updatedAt: now,
      pushedAt: now,
    })
  const member = (person: Person, role: OrgMember['role']) =>
    orgMembersOf(state).put({ id: people[person].id, orgId: org.id, role })
  member('alice', 'admin')
  for (const name of ['bob', 'carol', 'dave'] as const) member(name, 'member')
  teamsOf(state).put({
    id: 501,
    orgId: org.id,
    slug: 'reviewers',
    name: 'Reviewers',
    description: 'Who may approve',
    members: { [people.alice.id]: 'maintainer', [people.bob.id]: 'member' },
  })
  return {
    org,
    people,
    muster,
    claude,
    actions,
    installations: { muster: 301, claude: 302 },
    repositories: {
      widgets: repository(401, 'widgets', false, 'Widgets for everyone'),
      secret: repository(402, 'secret', true, 'Not for everyone'),
      dotGithub: repository(403, '.github', false, 'Defaults of the organisation'),
    },
  }
}

/** What each repository's default branch holds at first: path → text. The git area commits it. */
export const SEED_FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'acme/widgets': {
    'README.md': '# Widgets\n\nWidgets for everyone.\n',
    '.github/muster.yml': 'key: DEV\n',
  },
  'acme/secret': { 'README.md': '# Secret\n\nNot for everyone.\n' },
  'acme/.github': { 'README.md': '# Defaults of the organisation\n' },
}
