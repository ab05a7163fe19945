/** Logging in and out. The cookie holds a session's id; the login form has a session too, so that no other page can send it. */
import type { Context, Hono, Next } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import type { World } from '../world.ts'
import { readOwnForm, STALE_FORM } from './deeds/receive-form.ts'
import { loginPage, safeNext } from './views/login.ts'
import { isFromThisMachine } from './visit/from-this-machine.ts'
import { problemPage } from './visit/problem.ts'
import { sendPage } from './visit/send-page.ts'
import { closeSession, formToken, openSession, type Session } from './visit/sessions.ts'
import { cookieName, readVisit } from './visit/visit.ts'

const COOKIE = { path: '/', httpOnly: true, sameSite: 'Strict' } as const

export function mountLogin(http: Hono, world: World): void {
  http.use('/login', machineOnly)
  http.use('/logout', machineOnly)
  http.get('/login', (c) => {
    const visit = readVisit(world, c)
    const session = visit.session ?? openSession(world, null)
    if (!visit.session) keep(c, visit.url, session)
    return sendPage(
      c,
      visit,
      loginPage(visit, formToken(session), safeNext(visit.url, visit.url.searchParams.get('next'))),
    )
  })
  http.post('/login', async (c) => {
    const visit = readVisit(world, c)
    const fields = await readOwnForm(c, visit)
    const person = world.state.accounts.find((one) => one.type === 'User' && one.login === fields?.get('login'))
    if (!fields || !person) return sendPage(c, visit, problemPage({ status: 403, message: STALE_FORM, back: '/login' }))
    // A new id for the new power: one that was known before the login is worth nothing after it.
    if (visit.session) closeSession(world, visit.session)
    keep(c, visit.url, openSession(world, person.id))
    return c.redirect(safeNext(visit.url, fields.get('next')), 303)
  })
  http.post('/logout', async (c) => {
    const visit = readVisit(world, c)
    if (!(await readOwnForm(c, visit)) || !visit.session)
      return sendPage(c, visit, problemPage({ status: 403, message: STALE_FORM }))
    closeSession(world, visit.session)
    deleteCookie(c, cookieName(visit.url), { path: '/' })
    return c.redirect('/', 303)
  })
}

function machineOnly(c: Context, next: Next): Promise<Response | void> {
  return isFromThisMachine(c) ? next() : Promise.resolve(c.text('These pages answer to this machine only.', 403))
}

function keep(c: Context, url: URL, session: Session): void {
  setCookie(c, cookieName(url), session.id, COOKIE)
}
