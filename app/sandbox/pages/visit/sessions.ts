/** Who is logged in in which browser. A session holds a personal token, with which its forms speak to the API. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { stateSlot } from '../../model/state.ts'
import type { World } from '../../world.ts'

/** Beyond this many the oldest are forgotten: every look at the login page makes one. */
const KEPT = 1000

export interface Session {
  /** The cookie's value: 256 random bits. */
  readonly id: string
  /** Null before the login: the login form has a session too, so that it cannot be sent from elsewhere. */
  readonly token: string | null
}

const slot = stateSlot('page sessions', () => new Map<string, Session>())

export function findSession(world: World, id: string | undefined): Session | undefined {
  return id === undefined ? undefined : slot(world.state).get(id)
}

export function openSession(world: World, userId: number | null): Session {
  const sessions = slot(world.state)
  const token = userId === null ? null : world.tokens.mintUser(userId).token
  const session = { id: randomBytes(32).toString('base64url'), token }
  sessions.set(session.id, session)
  const oldest = sessions.size > KEPT ? sessions.values().next().value : undefined
  if (oldest) closeSession(world, oldest)
  return session
}

export function closeSession(world: World, session: Session): void {
  if (session.token !== null) world.tokens.revoke(session.token)
  slot(world.state).delete(session.id)
}

/** What every form of this session must carry: known only to pages of this origin. */
export function formToken(session: Session): string {
  return createHmac('sha256', session.id).update('form').digest('base64url')
}

export function isFormToken(session: Session, given: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(formToken(session))]
  return a.length === b.length && timingSafeEqual(a, b)
}
