/** `repository_dispatch`: a signal from outside. Workflows hear it through `world.listeners`, Apps through webhooks. */
import { unprocessable } from '../http/errors.ts'
import { defineRoute, SIGNED_IN } from '../http/route.ts'
import { emit } from '../webhooks/emit.ts'

const MAX_KEYS = 10
const MAX_BYTES = 65_536

export const repositoryDispatchRoutes = [
  defineRoute('repos/create-dispatch-event', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/dispatches',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    handle(c) {
      const payload = c.body.client_payload ?? {}
      if (Object.keys(payload).length > MAX_KEYS)
        throw unprocessable(`No more than ${MAX_KEYS} properties are allowed in client_payload.`)
      if (Buffer.byteLength(JSON.stringify(payload)) >= MAX_BYTES) throw unprocessable('client_payload is too large.')
      emit(c.world, 'repository_dispatch', c.body.event_type, {
        repository: c.repo,
        caller: c.caller,
        payload: { branch: c.repo.defaultBranch, client_payload: payload },
      })
      return { status: 204, body: undefined }
    },
  }),
]
