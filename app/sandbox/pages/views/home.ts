/** The first page: which repositories the viewer may see, and where scripts look. */
import { html } from 'hono/html'
import { maySee } from '../../auth/access.ts'
import type { Account } from '../../model/account.ts'
import { fullName } from '../../render/repository.ts'
import { sameLogin } from '../../routes/repositories.ts'
import { notFound } from '../../http/errors.ts'
import type { Page, Piece } from '../visit/layout.ts'
import { avatar } from '../parts/small-parts.ts'
import { pathOf, type Visit } from '../visit/visit.ts'

export function homePage(visit: Visit): Page {
  return {
    title: 'GitHub on your laptop',
    live: true,
    main: html`<h1>A GitHub on your laptop</h1>
      <p>
        ${visit.viewer ? html`You are <strong>${visit.viewer.login}</strong>.` : html`Nobody is logged in.`}
        <a href="/login">Log in as …</a>
      </p>
      <h2>Repositories</h2>
      ${repositories(visit)}
      <p class="muted with-links">
        For scripts: <a href="/_sandbox/deliveries">webhook deliveries</a>, <a href="/_sandbox/requests">requests</a>,
        <a href="/_sandbox/switches">switches</a>, <a href="/_sandbox">all there is</a>.
      </p>`,
  }
}

/** A person, a bot or an organisation, with the repositories it owns. */
export function accountPage(visit: Visit, login: string): Page {
  const account = visit.world.state.accounts.find((one) => sameLogin(one.login, login))
  if (!account) throw notFound()
  return {
    title: account.login,
    main: html`<h1>${avatar(visit.world, account.id)} ${account.login}</h1>
      <p class="muted">${account.name ?? ''} · ${account.type === 'User' ? 'Person' : account.type}</p>
      ${account.type === 'Organization' ? repositories(visit, account) : ''}`,
  }
}

function repositories(visit: Visit, owner?: Account): Piece {
  const { world } = visit
  const seen = world.state.repositories.where(
    (one) => (!owner || one.ownerId === owner.id) && maySee(world, visit.caller, one),
  )
  return html`<ul class="list">
    ${seen.map(
      (one) =>
        html`<li>
          <a href="${pathOf(world, one)}"><strong>${fullName(world, one)}</strong></a>
          <span class="outlined">${one.private ? 'Private' : 'Public'}</span>
          <p class="muted">${one.description ?? ''}</p>
        </li>`,
    )}
  </ul>`
}
