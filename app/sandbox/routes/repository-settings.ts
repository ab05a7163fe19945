/** Changing a repository, who works on it, and its organisation's own properties of it. */
import {
  describeRepository,
  renameRepository,
  setArchived,
  setPrivate,
  transferRepository,
} from '../changes/repository-settings.ts'
import { notFound, unprocessable, validationFailed } from '../http/errors.ts'
import { defineRoute, SIGNED_IN } from '../http/route.ts'
import { type Role, ROLES } from '../model/account.ts'
import { stateSlot } from '../model/state.ts'
import { renderFullRepository, renderRepository } from '../render/repository.ts'
import { sameLogin } from './repositories.ts'

const ADMIN = { administration: 'write' } as const

/** What `permission` of a collaborator may say beside the names of roles. */
const OLD_WORDS: Readonly<Record<string, Role>> = { pull: 'read', push: 'write' }

type Properties = Readonly<Record<string, string | readonly string[]>>
const propertiesOf = stateSlot('custom properties', () => new Map<number, Properties>())

export const repositorySettingRoutes = [
  defineRoute('repos/update', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}',
    who: SIGNED_IN,
    permission: ADMIN,
    role: 'admin',
    takes: ['name', 'description', 'private', 'archived', 'default_branch'],
    evenArchived: true,
    handle(c) {
      const { name, description, private: isPrivate, archived, default_branch: defaultBranch } = c.body
      if (c.repo.archived && archived !== false) throw unprocessable('Repository was archived so is read-only.')
      let repository = archived === undefined ? c.repo : setArchived(c, c.repo, archived)
      if (isPrivate !== undefined) repository = setPrivate(c, repository, isPrivate)
      repository = describeRepository(c, repository, {
        ...(description !== undefined && { description }),
        ...(defaultBranch !== undefined && { defaultBranch }),
      })
      if (name !== undefined) repository = renameRepository(c, repository, name)
      return { status: 200, body: renderFullRepository(c.world, repository, 'admin') }
    },
  }),
  defineRoute('repos/transfer', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/transfer',
    who: SIGNED_IN,
    permission: ADMIN,
    role: 'admin',
    takes: ['new_owner', 'new_name'],
    handle(c) {
      const to = c.world.state.accounts.find((one) => sameLogin(one.login, c.body.new_owner) && one.type !== 'Bot')
      if (!to) throw unprocessable(`${c.body.new_owner} is no account that a repository can go to.`)
      const moved = transferRepository(c, c.repo, to)
      const named = c.body.new_name === undefined ? moved : renameRepository(c, moved, c.body.new_name)
      return { status: 202, body: renderRepository(c.world, named) }
    },
  }),
  defineRoute('repos/add-collaborator', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/collaborators/{username}',
    who: SIGNED_IN,
    permission: ADMIN,
    role: 'admin',
    handle(c) {
      const account = c.world.state.accounts.find((one) => sameLogin(one.login, c.params.username))
      if (!account || account.type !== 'User') throw notFound()
      const word = c.body.permission ?? 'push'
      const role = OLD_WORDS[word] ?? ROLES.find((one) => one === word && one !== 'none')
      if (role === undefined)
        throw validationFailed({ resource: 'Repository', field: 'permission', code: 'invalid', value: word })
      const { [account.id]: _former, ...customRoles } = c.repo.customRoles
      const collaborators = { ...c.repo.collaborators, [account.id]: role }
      c.world.state.repositories.update(c.repo.id, { collaborators, customRoles })
      // Members of the organisation are no guests: they need no invitation, and GitHub answers 204.
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('repos/remove-collaborator', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/collaborators/{username}',
    who: SIGNED_IN,
    permission: ADMIN,
    role: 'admin',
    handle(c) {
      const account = c.world.state.accounts.find((one) => sameLogin(one.login, c.params.username))
      if (!account) throw notFound()
      const { [account.id]: _role, ...collaborators } = c.repo.collaborators
      const { [account.id]: _name, ...customRoles } = c.repo.customRoles
      c.world.state.repositories.update(c.repo.id, { collaborators, customRoles })
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('repos/custom-properties-for-repos-get-repository-values', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/properties/values',
    who: SIGNED_IN,
    permission: { metadata: 'read' },
    handle(c) {
      const held = Object.entries(propertiesOf(c.world.state).get(c.repo.id) ?? {})
      const body = held.map(([name, value]) => ({
        property_name: name,
        value: typeof value === 'string' ? value : [...value],
      }))
      return { status: 200, body }
    },
  }),
  defineRoute('repos/custom-properties-for-repos-create-or-update-repository-values', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/properties/values',
    who: SIGNED_IN,
    permission: ADMIN,
    role: 'admin',
    handle(c) {
      const held: Record<string, string | readonly string[]> = { ...propertiesOf(c.world.state).get(c.repo.id) }
      for (const { property_name: name, value } of c.body.properties) {
        if (value === null) delete held[name]
        else held[name] = value
      }
      propertiesOf(c.world.state).set(c.repo.id, held)
      return { status: 204, body: undefined }
    },
  }),
]
