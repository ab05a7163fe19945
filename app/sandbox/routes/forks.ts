/** Forks: a repository of one's own that shares its parent's objects. */
import { makeFork } from '../changes/make-fork.ts'
import { forbidden } from '../http/errors.ts'
import { defineRoute, SIGNED_IN } from '../http/route.ts'
import { renderFullRepository } from '../render/repository.ts'

export const forkRoutes = [
  defineRoute('repos/create-fork', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/forks',
    who: SIGNED_IN,
    permission: { contents: 'read', administration: 'write' },
    takes: ['name'],
    async handle(c) {
      if (c.caller.kind !== 'user') throw forbidden('Resource not accessible by integration')
      const fork = await makeFork(c.world, c.repo, c.actor, c.body?.name ?? c.repo.name)
      return { status: 202, body: renderFullRepository(c.world, fork, 'admin') }
    },
  }),
]
