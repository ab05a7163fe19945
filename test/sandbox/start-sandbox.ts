/** A sandbox for one test, with a client, the events it told of, and git on the seeded repository. Gone with the test. */
import { expect, onTestFinished } from 'vitest'
import { actionsIdle } from '../../app/sandbox/actions/run-triggers.ts'
import { moveRefs, readRef, ZERO_SHA } from '../../app/sandbox/git/git-refs.ts'
import { gitOf } from '../../app/sandbox/git/world-git.ts'
import { type FileChanges, writeFiles } from '../../app/sandbox/git/write-files.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../app/sandbox/sandbox.ts'
import type { SandboxEvent } from '../../app/sandbox/world.ts'
import { EVENT_PERMISSIONS } from '../../app/sandbox/webhooks/event-permissions.ts'
import { createClient } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

export const WIDGETS = '/repos/acme/widgets'

export interface Started {
  readonly sandbox: Sandbox
  readonly as: ReturnType<typeof createClient>
  readonly events: SandboxEvent[]
  /** `check_run.created`, `push`, … in their order. */
  readonly names: () => readonly string[]
  /** Commits one file on a branch through the API, as bob; returns the commit's SHA. */
  readonly commit: (branch: string, path: string, content: string) => Promise<string>
  /** Makes a branch where another one stands; returns its SHA. */
  readonly branch: (name: string, from?: string) => Promise<string>
  /** Puts files on the default branch in silence: no event, no run. */
  readonly plant: (files: FileChanges) => Promise<void>
  readonly idle: () => Promise<void>
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Started> {
  const sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS, ...options })
  onTestFinished(async () => {
    const { violations } = sandbox.log
    await sandbox.close()
    expect(violations).toEqual([])
  })
  // Every payload is held to GitHub's description when it is sent to someone.
  sandbox.state.apps.update(sandbox.seed.muster.id, { events: Object.keys(EVENT_PERMISSIONS) })
  const as = createClient(sandbox)
  const events: SandboxEvent[] = []
  sandbox.world.listeners.add((event) => events.push(event))
  return {
    sandbox,
    as,
    events,
    names: () => events.map((one) => (one.action === null ? one.event : `${one.event}.${one.action}`)),
    async commit(branch, path, content) {
      const { json: file } = await as('bob').get(`${WIDGETS}/contents/${path}?ref=${branch}`)
      const { json } = await as('bob').put(`${WIDGETS}/contents/${path}`, {
        message: `Change ${path}`,
        content: Buffer.from(content).toString('base64'),
        branch,
        ...(file.sha !== undefined && { sha: file.sha }),
      })
      return json.commit.sha
    },
    async branch(name, from = 'main') {
      const { json } = await as('bob').get(`${WIDGETS}/git/ref/heads/${from}`)
      await as('bob').post(`${WIDGETS}/git/refs`, { ref: `refs/heads/${name}`, sha: json.object.sha })
      return json.object.sha
    },
    async plant(files) {
      const git = gitOf(sandbox.state, { id: 401 })
      const before = (await readRef(git, 'refs/heads/main')) ?? ZERO_SHA
      const author = { name: 'Alice', email: 'alice@acme.example', date: '2026-11-21T09:00:00Z' }
      const after = await writeFiles(git, { parent: before, files, message: 'Plant', author })
      await moveRefs(git, [{ ref: 'refs/heads/main', before, after }])
    },
    idle: () => actionsIdle(sandbox.state),
  }
}
