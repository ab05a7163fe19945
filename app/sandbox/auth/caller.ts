/** Who makes a request, after its credential was read. Types and small questions only; reading is authenticate.ts. */
import type { Account, App, Installation, Permissions } from '../model/account.ts'
import { assertNever } from '../model/assert-never.ts'
import type { State } from '../model/state.ts'

export type Caller =
  | { readonly kind: 'anonymous' }
  /** A person, or an agent's own account, with a personal token or a browser page. */
  | { readonly kind: 'user'; readonly userId: number; readonly agent: boolean }
  /** An App's JWT: may manage itself, not act on repositories. */
  | { readonly kind: 'app'; readonly appId: number }
  | {
      readonly kind: 'installation'
      readonly appId: number
      readonly installationId: number
      readonly permissions: Permissions
      readonly repositories: 'all' | readonly number[]
    }
  /** A run's GITHUB_TOKEN: acts as github-actions[bot] on one repository. */
  | {
      readonly kind: 'workflow'
      readonly appId: number
      readonly repositoryId: number
      readonly runId: number
      readonly permissions: Permissions
    }

export type CallerKind = Caller['kind']

/** Whose requests are counted together: the muster App, its Action, agents, people. */
export type ActorClass = 'app' | 'action' | 'agent' | 'person' | 'anonymous'

/** The App that all of this exists for; requests of other Apps count as agents'. */
export const MUSTER_SLUG = 'muster'

export function actorClass(state: State, caller: Caller): ActorClass {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'user':
      return caller.agent ? 'agent' : 'person'
    case 'workflow':
      return 'action'
    case 'app':
    case 'installation':
      return state.apps.get(caller.appId)?.slug === MUSTER_SLUG ? 'app' : 'agent'
    default:
      return assertNever(caller)
  }
}

/** The account that appears as author or sender. An App's JWT and the anonymous have none. */
export function actingAccount(state: State, caller: Caller): Account | undefined {
  switch (caller.kind) {
    case 'anonymous':
      return undefined
    case 'user':
      return state.accounts.get(caller.userId)
    case 'app':
    case 'installation':
    case 'workflow': {
      const app = state.apps.get(caller.appId)
      return app && state.accounts.get(app.botId)
    }
    default:
      return assertNever(caller)
  }
}

/** The App behind the caller, as `performed_via_github_app` shows it. */
export function actingApp(state: State, caller: Caller): App | undefined {
  return 'appId' in caller ? state.apps.get(caller.appId) : undefined
}

export function installationOf(state: State, appId: number, accountId: number): Installation | undefined {
  return state.installations.find((one) => one.appId === appId && one.accountId === accountId)
}
