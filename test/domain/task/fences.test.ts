/** What a fence guards: every write of the one who holds the lease, and none in an epoch that is over. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../app/domain/actor.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { Fence } from '../../../app/domain/task/state.ts'
import { AGENT, ALICE, BOB, CREATE, READY, claim, fail, given } from '../given.ts'

const FIRST: Fence = { epoch: 1, n: 1 }
const SECOND: Fence = { epoch: 1, n: 2 }
const BOT: Actor = { kind: 'bot', id: 'claude[bot]' }
const OTHER: Actor = { kind: 'agent', id: 'a2' }

const evidence = (fence: Fence | null): TaskCommand => ({
  type: 'record-evidence',
  command: 'npm test',
  exitCode: 0,
  headSha: null,
  fence,
})
const artifact = (fence: Fence | null): TaskCommand => ({
  type: 'record-artifact',
  kind: 'log',
  name: 'log',
  url: 'https://ci.example/log',
  sha256: null,
  size: null,
  mediaType: null,
  figures: [],
  fence,
})
const FACTS = [
  ['evidence', evidence, 'evidence-recorded'],
  ['an artifact', artifact, 'artifact-recorded'],
] as const

const heldBy = (actor: Actor) => given(...READY, [claim(actor.id), { actor }])
/** The agent's lease was given back and somebody else holds the task. */
const takenOver = given(
  ...READY,
  [claim(AGENT.id), { actor: AGENT }],
  [{ type: 'release-task', fence: FIRST, reason: 'x' }, { actor: AGENT }],
  [claim(OTHER.id), { actor: OTHER }],
)

describe.each(FACTS)('%s', (_, add, recorded) => {
  it.each([AGENT, BOT])('of a $kind needs the fence of the lease that it holds', (actor) => {
    const held = heldBy(actor)
    held.when(add(null), { actor }).rejects('fence-missing')
    held.when(add(SECOND), { actor }).rejects('stale-fence')
    held.when(add(FIRST), { actor }).gives(recorded)
    held.when(add(FIRST), { actor: OTHER }).rejects('not-the-holder')
    held.when(add(null), { actor: OTHER }).rejects('not-the-holder')
  })

  it('of an agent without a lease belongs to no attempt, not even to its own that is over', () => {
    given([CREATE]).when(add(null), { actor: AGENT }).rejects('no-lease')
    given(...READY)
      .when(add(FIRST), { actor: AGENT })
      .rejects('no-lease')
    const over = given(...READY, [claim(AGENT.id), { actor: AGENT }], [fail({ fence: FIRST }), { actor: AGENT }])
    over.when(add(FIRST), { actor: AGENT }).rejects('no-lease')
    over.when(add(null), { actor: AGENT }).rejects('no-lease')
  })

  it('with a stale fence reaches nobody’s attempt', () => {
    takenOver.when(add(FIRST), { actor: AGENT }).rejects('stale-fence')
    takenOver.when(add(SECOND), { actor: AGENT }).rejects('not-the-holder')
    const task = takenOver.when(add(SECOND), { actor: OTHER }).gives(recorded)
    expect([...task.evidence, ...task.artifacts]).toMatchObject([{ attempt: 2 }])
  })

  it('of a person needs no fence, on whatever attempt is newest; a fence that is named must be theirs', () => {
    given([CREATE]).when(add(null)).gives(recorded)
    takenOver.when(add(null)).gives(recorded)
    heldBy(ALICE).when(add(FIRST)).gives(recorded)
    heldBy(ALICE).when(add(SECOND)).rejects('stale-fence')
    heldBy(ALICE).when(add(FIRST), { actor: BOB }).rejects('not-the-holder')
  })
})

describe.each<readonly [string, (fence?: Fence) => TaskCommand, 'note-added' | 'blocker-added']>([
  ['a note', (fence) => ({ type: 'add-note', text: 'x', ...(fence && { fence }) }), 'note-added'],
  ['a blocker', (fence) => ({ type: 'block-task', reason: 'x', ...(fence && { fence }) }), 'blocker-added'],
])('%s', (_, write, written) => {
  it('may be written without a lease, and with a fence only while that lease lives', () => {
    takenOver.when(write(), { actor: AGENT }).gives(written)
    takenOver.when(write(SECOND), { actor: OTHER }).gives(written)
    takenOver.when(write(FIRST), { actor: AGENT }).rejects('stale-fence')
    takenOver.when(write(SECOND), { actor: AGENT }).rejects('not-the-holder')
  })
})

describe('in a newer epoch', () => {
  const held = heldBy(AGENT)
  const later = { actor: AGENT, epoch: 2 }
  const writes: readonly TaskCommand[] = [
    { type: 'start-attempt', fence: FIRST },
    { type: 'succeed-attempt', fence: FIRST, costMicroUsd: null, tokens: null },
    fail({ fence: FIRST }),
    { type: 'release-task', fence: FIRST, reason: 'x' },
    evidence(FIRST),
    artifact(FIRST),
    { type: 'add-note', text: 'x', fence: FIRST },
    { type: 'block-task', reason: 'x', fence: FIRST },
  ]

  it.each(writes)('$type with the fence of a lease that still stands is refused', (command) => {
    const { decision } = held.when(command, later)
    expect(decision).toMatchObject({
      ok: false,
      rejection: { code: 'stale-fence', given: FIRST, current: FIRST, epoch: 2 },
    })
    expect(held.when(command, { actor: AGENT }).decision.ok).toBe(true)
  })

  it('the holder claims again and goes on with a new attempt under a fence of that epoch', () => {
    const task = held.when(claim(AGENT.id), later).gives('lease-released', 'task-readied', 'lease-granted')
    expect(task).toMatchObject({
      status: 'claimed',
      lease: { attempt: 2, fence: { epoch: 2, n: 2 } },
      attempts: [{ status: 'canceled' }, { status: 'leased' }],
    })
  })

  it('nobody else may take it before the lease has run out, and a pause, a blocker or a dependency holds it', () => {
    held.when(claim(OTHER.id), { actor: OTHER, epoch: 2 }).rejects('already-claimed')
    held.when(claim(AGENT.id), { ...later, paused: 'restored' }).rejects('project-paused')
    const claimed = [...READY, [claim(AGENT.id), { actor: AGENT }]] as const
    given(...claimed, [{ type: 'block-task', reason: 'x' }])
      .when(claim(AGENT.id), later)
      .rejects('blocked')
    const edge = {
      type: 'add-dependency',
      on: { stream: 'task/7/3', key: 'DEV-3' },
      status: 'open',
      onFailure: null,
      path: null,
    } as const
    given(...claimed, [edge])
      .when(claim(AGENT.id), later)
      .rejects('waits')
  })

  it('a person who claimed names no fence and goes on: what they see in the thread is the state', () => {
    heldBy(ALICE).when({ type: 'start-attempt', fence: null }, { epoch: 2 }).gives('attempt-started')
  })
})
