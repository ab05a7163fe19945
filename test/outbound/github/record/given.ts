/** Real streams and records to test with: events made by the domain, chained by the real hash, signed with a fixed key. */
import { GENESIS_HASH, hashEvent } from '../../../../app/domain/event/hash-chain.ts'
import {
  taskStream,
  projectStream,
  type NewEvent,
  type StoredEvent,
  type StreamId,
} from '../../../../app/domain/event/envelope.ts'
import { projectEvent } from '../../../../app/domain/project/project.ts'
import { taskEvent } from '../../../../app/domain/task/events.ts'
import type { Task } from '../../../../app/domain/task/state.ts'
import { fold } from '../../../../app/engine/fold.ts'
import {
  encodeRecord,
  type BaseState,
  type EncodedRecord,
  type Origin,
} from '../../../../app/outbound/github/record/encode-record.ts'
import { parseRecordKeys, type RecordKeys } from '../../../../app/outbound/github/record/record-keys.ts'
import { sha256 } from '../../../../app/outbound/github/record/sha256.ts'

const parsed = (text: string): RecordKeys => {
  const result = parseRecordKeys(text)
  if (!result.ok) throw new Error(result.problem)
  return result.keys
}

const secret = (fill: number): string => Buffer.alloc(32, fill).toString('base64')
export const KEYS = parsed(`k1:${secret(1)}`)
export const ROTATED = parsed(`k2:${secret(2)},k1:${secret(1)}`)
export const OTHER_KEYS = parsed(`k1:${secret(9)}`)

export const REPOSITORY_ID = 7
export const STREAM = taskStream(REPOSITORY_ID, 12)
export const PROJECT = projectStream(REPOSITORY_ID)
export const PLACE: Origin = { repositoryId: REPOSITORY_ID, issueId: 5_012, issueNumber: 12 }
export const START = 1_700_000_000_000

/** A stream of these events, one second apart, after what came before. */
export const chain = (
  stream: StreamId,
  events: readonly NewEvent[],
  after: readonly StoredEvent[] = [],
): StoredEvent[] => {
  let prev = after.at(-1)?.hash ?? GENESIS_HASH
  const from = after.at(-1)?.version ?? 0
  const added = events.map((event, index) => {
    const version = from + index + 1
    const unhashed = {
      stream,
      version,
      id: `01HF${String(version).padStart(22, '0')}`,
      at: START + version * 1_000,
      actor: { kind: 'user' as const, id: 'bob' },
      cause: `comment:IC_${stream}:${version}`,
      prev,
      ...event,
    }
    prev = hashEvent(sha256, unhashed)
    return { ...unhashed, hash: prev }
  })
  return [...after, ...added]
}

export const created = (title = 'Fix the parser', number = 12) =>
  taskEvent('task-created', { project: PROJECT, key: `DEV-${number}`, number, title, priority: 'p1' })
export const note = (text: string) => taskEvent('note-added', { note: { text, by: 'bob' } })
export const readied = () => taskEvent('task-readied', { reason: 'made ready' })
export const leased = (attempt = 1, epoch = 1) =>
  taskEvent('lease-granted', {
    lease: {
      attempt,
      fence: { epoch, n: attempt },
      owner: 'claude',
      holder: { kind: 'agent', id: 'claude' },
      ttlMs: 1_800_000,
      expiresAt: START + 1_803_000,
      runId: null,
    },
    baseSha: 'a'.repeat(40),
    model: 'claude-sonnet',
  })
export const failed = (attempt = 1) =>
  taskEvent('attempt-failed', {
    attempt,
    fence: { epoch: 1, n: attempt },
    failure: { class: 'test_fail', message: '2 tests failed', evidence: 'FAIL test/parse.test.ts' },
  })

export const projectEvents = (repository = 'acme/widgets'): StoredEvent[] =>
  chain(PROJECT, [
    projectEvent('project-opened', {
      repositoryId: REPOSITORY_ID,
      repositoryNodeId: 'R_7',
      repository,
      installationId: 3,
      prefix: 'DEV',
    }),
    projectEvent('ledger-opened', { issue: 2 }),
  ])

export const stateOf = (events: readonly StoredEvent[], base: BaseState | null = null): string =>
  fold(events[0]?.stream ?? STREAM, base?.state ?? null, events).state
export const taskOf = (events: readonly StoredEvent[]): Task => JSON.parse(stateOf(events)) as Task

export interface Given {
  readonly card?: string
  readonly origin?: Origin
  readonly keys?: RecordKeys
  readonly base?: BaseState | null
  readonly epoch?: number
}

/** The record that Muster writes after these events. */
export const recordOf = (events: readonly StoredEvent[], given: Given = {}): EncodedRecord => {
  const { card = '### DEV-12\n\nready', origin = PLACE, keys = KEYS, base = null, epoch = 1 } = given
  return encodeRecord(
    { stream: events[0]?.stream ?? STREAM, origin, epoch, state: stateOf(events, base), base, events, card },
    { keys, fold },
  )
}
