/** One look at a page: who looks, where. Reads the cookie; draws nothing. */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { roleOf } from '../../auth/access.ts'
import { actingAccount, type Caller } from '../../auth/caller.ts'
import { notFound } from '../../http/errors.ts'
import { type Account, type Role, roleAtLeast } from '../../model/account.ts'
import type { Repository } from '../../model/repository.ts'
import { findRepository } from '../../routes/repositories.ts'
import type { World } from '../../world.ts'
import { findSession, formToken, type Session } from './sessions.ts'

export interface Visit {
  readonly world: World
  readonly url: URL
  readonly session: Session | undefined
  /** The logged-in person, or anonymous: the same caller that the API would see. */
  readonly caller: Caller
  readonly viewer: Account | undefined
  /** For the hidden field of every form; empty when nobody is logged in. */
  readonly formToken: string
}

/** A visit within one repository that the viewer may see. */
export interface RepoVisit extends Visit {
  readonly repo: Repository
  /** `/acme/widgets`. */
  readonly base: string
}

/** Browsers share cookies among the ports of one host: each sandbox has its own name. */
export function cookieName(url: URL): string {
  return `sandbox_session_${url.port || '80'}`
}

export function readVisit(world: World, c: Context): Visit {
  const url = new URL(c.req.url)
  const session = findSession(world, getCookie(c, cookieName(url)))
  const caller: Caller = (session?.token && world.tokens.resolve(session.token)) || { kind: 'anonymous' }
  const viewer = actingAccount(world.state, caller)
  return { world, url, session, caller, viewer, formToken: session ? formToken(session) : '' }
}

/** 404 for what is hidden, as for what does not exist. */
export function inRepository(visit: Visit, owner: string, name: string): RepoVisit {
  const repo = findRepository(visit.world, visit.caller, owner, name)
  if (!repo) throw notFound()
  return { ...visit, repo, base: pathOf(visit.world, repo) }
}

export function pathOf(world: World, repo: Repository): string {
  const owner = world.state.accounts.get(repo.ownerId)?.login ?? ''
  return `/${encodeURIComponent(owner)}/${encodeURIComponent(repo.name)}`
}

/** Whether to offer a button at all; the API decides again when it is pressed. */
export function viewerIs(visit: RepoVisit, needed: Role): boolean {
  return visit.caller.kind === 'user' && roleAtLeast(roleOf(visit.repo, visit.caller.userId), needed)
}
