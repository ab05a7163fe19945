/** "Log in as": the sandbox has no passwords, and everyone at this machine may be anyone. */
import { html } from 'hono/html'
import { roleOf } from '../../auth/access.ts'
import { fullName } from '../../render/repository.ts'
import { avatar } from '../parts/small-parts.ts'
import type { Page } from '../visit/layout.ts'
import type { Visit } from '../visit/visit.ts'

/** `formToken` belongs to the session that the login page itself begins. */
export function loginPage(visit: Visit, formToken: string, next: string): Page {
  const { accounts, repositories } = visit.world.state
  const rights = (id: number) =>
    repositories
      .all()
      .map((one) => `${fullName(visit.world, one)}: ${roleOf(one, id)}`)
      .join(' · ')
  return {
    title: 'Log in as',
    main: html`<h1>Log in as …</h1>
      <ul class="list people">
        ${accounts
          .where((one) => one.type === 'User')
          .map(
            (one) =>
              html`<li>
                <form method="post" action="/login">
                  <input type="hidden" name="form_token" value="${formToken}" />
                  <input type="hidden" name="next" value="${next}" />
                  <button name="login" value="${one.login}">${avatar(visit.world, one.id)} ${one.login}</button>
                </form>
                <span class="muted">${rights(one.id)}</span>
              </li>`,
          )}
      </ul>`,
  }
}

/** A path of this sandbox, or the first page: a login must not send anyone elsewhere. */
export function safeNext(url: URL, next: string | null | undefined): string {
  if (!next?.startsWith('/') || !URL.canParse(next, url.origin)) return '/'
  const target = new URL(next, url.origin)
  return target.origin === url.origin ? target.pathname + target.search : '/'
}
