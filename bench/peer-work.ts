/** The work that is done on Muster and on a peer alike, each through what it offers programs in process. What only one of them does is not asked for. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { StreamId } from '../app/domain/event/envelope.ts'
import { handleCommand, type AnyCommand } from '../app/engine/handle-command.ts'
import { createSqliteStore } from '../app/store/sqlite/create-sqlite-store.ts'
import { claimOf, engineOver, fill, PROJECT } from './claims-world.ts'

export const PEER = '@ai-devkit/task-manager'
export const PEER_VERSION = '0.4.0'

export interface Worker {
  /** A task that can be claimed; its id. */
  create(n: number): Promise<string>
  /** Whether the agent may believe that the task is its own. */
  claim(id: string, agent: string): Promise<boolean>
  evidence(id: string, agent: string, n: number): Promise<void>
  /** How many rows of evidence the task shows. */
  kept(id: string): Promise<number>
  /** How many tasks there are, each with all that is known of it. */
  list(): Promise<number>
  /** The first fifty that can be claimed. */
  page(): Promise<number>
}

const PAGE = 50
const FENCE = { epoch: 1, n: 1 } as const
const command = (n: number): string => `npm test -- part-${n % 50}`

/** Every command decided on the folded state, hashed into the log, fenced, and on the disk when it is answered. */
export const openOurs = async (dir: string): Promise<Worker> => {
  const store = await createSqliteStore({ path: join(dir, 'ours.db'), clock: { now: () => Date.now() } })
  await fill(store, 1, 0)
  const engine = engineOver(store)
  const alice = { kind: 'user', id: 'alice' } as const
  const agentOf = (id: string) => ({ kind: 'agent', id }) as const
  const did = async (id: string, command: AnyCommand, actor: { kind: 'user' | 'agent'; id: string }) => {
    const cause = `bench:${engine.ids.ulid()}`
    const { outcome } = await handleCommand(engine, { stream: id as StreamId, command, actor, cause })
    return outcome.ok
  }
  const must = async (done: Promise<boolean>): Promise<void> => {
    if (!(await done)) throw new Error('a command was refused')
  }
  return {
    create: async (n) => {
      const id: StreamId = `task/7/${n}`
      const task = { project: PROJECT, key: `W-${n}`, number: n, title: `Task number ${n}`, priority: 'p2' } as const
      await must(did(id, { type: 'create-task', ...task }, alice))
      await must(did(id, { type: 'ready-task' }, alice))
      return id
    },
    claim: (id, agent) => did(id, { ...claimOf(agent), unheld: true }, agentOf(agent)),
    evidence: (id, agent, n) => {
      const row = { command: command(n), exitCode: 0, headSha: null, fence: FENCE }
      return must(did(id, { type: 'record-evidence', ...row }, agentOf(agent)))
    },
    kept: async (id) => (await store.projections.task(id as StreamId))?.task.evidence.length ?? 0,
    list: async () => (await store.projections.tasks(PROJECT)).length,
    page: async () => (await store.projections.ready(PROJECT, PAGE)).length,
  }
}

/** As much of the peer's service as is used. */
interface PeerTask {
  readonly taskId: string
  readonly status: string
  readonly attribution: object | null
  readonly evidence: readonly unknown[]
}
interface PeerService {
  create(input: { title: string; name: string }): Promise<PeerTask>
  get(id: string): Promise<PeerTask>
  list(filter?: { status?: string; limit?: number }): Promise<readonly PeerTask[]>
  setAttribution(id: string, agent: { agentId: string }): Promise<PeerTask>
  setStatus(id: string, status: string): Promise<PeerTask>
  addEvidence(id: string, evidence: { command: string; exitCode: number; passed: boolean }): Promise<unknown>
}

/** It has no claim: an agent looks whether the task is free, writes its name on it and makes it active. */
export const openPeer = async (dir: string, installed: string): Promise<Worker> => {
  const entry = join(installed, 'node_modules', PEER, 'dist', 'index.js')
  const { createTaskService } = (await import(pathToFileURL(entry).href)) as {
    createTaskService: (path: string) => PeerService
  }
  const service = createTaskService(join(dir, 'peer.db'))
  return {
    create: async (n) => (await service.create({ title: `Task number ${n}`, name: `w-${n}` })).taskId,
    claim: async (id, agent) => {
      const { status, attribution } = await service.get(id)
      if (status !== 'open' || attribution !== null) return false
      await service.setAttribution(id, { agentId: agent })
      await service.setStatus(id, 'active')
      return true
    },
    evidence: async (id, _agent, n) => {
      await service.addEvidence(id, { command: command(n), exitCode: 0, passed: true })
    },
    kept: async (id) => (await service.get(id)).evidence.length,
    list: async () => (await service.list()).length,
    page: async () => (await service.list({ status: 'open', limit: PAGE })).length,
  }
}
