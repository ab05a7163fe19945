import type { Actor } from '../../../../app/domain/actor.ts'
import { describe, expect, it } from 'vitest'
import type { ReplicaBase } from '../../../../app/outbound/github/replica/base.ts'
import { bodyHash } from '../../../../app/outbound/github/replica/body-hash.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import type { LabelEvent } from '../../../../app/outbound/github/replica/label-changes.ts'
import type { Observed } from '../../../../app/outbound/github/replica/observed.ts'
import type { PersonChange } from '../../../../app/engine/person-change.ts'
import { react } from '../../../../app/outbound/github/replica/react.ts'
import { seal } from '../../../../app/outbound/github/record/seal.ts'
import { AT, aTask } from '../task-fixture.ts'

const APP = 7
const BODY = '### DEV-12\n\n<!-- record -->'
const issue = { nodeId: 'I_1', id: 1, number: 12, repositoryNodeId: 'R_1', repositoryId: 1 }

const base: ReplicaBase = {
  v: 1,
  issue,
  title: aTask().title,
  open: true,
  labels: ['priority/p2', 'status/ready'],
  record: { nodeId: 'IC_1', id: 1, hash: bodyHash(BODY), rev: 3 },
  checks: {},
  pullComments: {},
  unsure: [],
  lookAgain: null,
  writtenAt: AT,
  observedAt: AT,
  corrections: [],
  held: [],
}

const US: Actor = { kind: 'bot', id: 'muster[bot]' }
const MALLORY: Actor = { kind: 'user', id: 'mallory' }

const observed = (change: Partial<Observed> = {}): Observed => ({
  issue,
  title: base.title,
  open: true,
  labels: base.labels,
  related: { edges: [], hidden: [] },
  assignees: [],
  milestone: null,
  record: { nodeId: 'IC_1', id: 1, body: BODY, ours: true, editor: null, editedByUs: false },
  doubles: [],
  ...change,
})

const look = async (
  seen: Observed,
  at: number,
  events: readonly LabelEvent[] = [],
  before = base,
  wanted: readonly string[] = base.labels,
  settling = false,
) => {
  const changes: PersonChange[] = []
  const reaction = await react(aTask(), before, seen, {
    appId: APP,
    touchedBy: { kind: 'user', id: 'bob' },
    settling,
    now: at,
    readLabelEvents: async () => events,
    wantedLabels: async () => wanted,
    edges: {
      retry: false,
      isOurs: ({ id }) => id === US.id,
      isTask: async () => true,
      learnId: async () => {},
      readEdgeEvents: async () => [],
      wantedEdges: async () => [],
    },
    onPersonChange: async (change) => {
      changes.push(change)
      return { explain: null }
    },
  })
  return { changes, ...reaction }
}

const LATER = AT + SETTLE_MS
const labelEvent = (change: Partial<LabelEvent>): LabelEvent => ({
  id: 1,
  change: 'added',
  label: 'priority/p0',
  by: { kind: 'user', id: 'bob' },
  at: AT,
  appId: null,
  ...change,
})

describe('what only looks old', () => {
  it('is looked at again, and neither reported nor put back', async () => {
    const seen = observed({ labels: ['status/backlog'], record: null })
    const { changes, base: after, again } = await look(seen, LATER - 1)
    expect(changes).toEqual([])
    expect(after.labels).toEqual(base.labels)
    expect(after.record).toEqual(base.record)
    expect(again).toBe(LATER - 1 + SETTLE_MS)
  })

  it('is put back when it is still so later', async () => {
    const { changes, base: after, again } = await look(observed({ labels: ['status/backlog'] }), LATER)
    expect(changes).toEqual([])
    expect(after.labels).toEqual(['status/backlog'])
    expect(after.corrections).toEqual([{ field: 'labels', at: LATER }])
    expect(again).toBeNull()
  })

  it('may be an older body of ours, which is written over without a word', async () => {
    const record = { nodeId: 'IC_1', id: 1, body: 'older', ours: true, editor: US, editedByUs: true }
    const { changes, base: after } = await look(observed({ record }), LATER)
    expect(changes).toEqual([])
    expect(after.record?.hash).toBe(bodyHash('older'))
  })

  it('is a rollback when our last write is long past: even with our name on it', async () => {
    const payload = { stream: 'task/1/12', origin: { repositoryId: 1, issueId: 1, issueNumber: 12 }, schema: 1, rev: 2 }
    const body = `### DEV-12\n\n${seal('record', { ...payload, head: 'a' }, { kid: 'k1', secret: Buffer.alloc(32, 7) })}`
    const record = { nodeId: 'IC_1', id: 1, body, ours: true, editor: US, editedByUs: true }
    expect((await look(observed({ record }), AT + 1000)).changes).toEqual([])
    expect((await look(observed({ record }), LATER)).changes).toMatchObject([
      { field: 'record', what: 'record-edited', by: null },
    ])
  })

  it('may be CRLF, which is nothing', async () => {
    const record = {
      nodeId: 'IC_1',
      id: 1,
      body: BODY.replaceAll('\n', '\r\n'),
      ours: true,
      editor: null,
      editedByUs: false,
    }
    expect((await look(observed({ record }), LATER)).base.record).toEqual(base.record)
  })
})

describe('label changes', () => {
  const seen = observed({ labels: ['priority/p0', 'priority/p2', 'status/ready'] })

  it('are told with GitHub’s event, also right after our own write', async () => {
    const { changes, base: after } = await look(seen, AT + 1, [labelEvent({ id: 44 })])
    expect(changes).toMatchObject([{ field: 'label', change: 'added', label: 'priority/p0', eventId: 44 }])
    expect(after.labels).toEqual(seen.labels)
  })

  it('count as corrections only when they were not accepted', async () => {
    const accepted = ['priority/p0', 'status/ready']
    const swapped = observed({ labels: accepted })
    const events = [labelEvent({}), labelEvent({ id: 2, change: 'removed', label: 'priority/p2' })]
    const yes = await look(swapped, LATER, events, base, accepted)
    expect([yes.base.corrections, yes.lost, yes.changes.length]).toEqual([[], [], 2])
    const no = await look(swapped, LATER, events)
    expect(no.base.corrections).toHaveLength(1)
  })

  it('wait for GitHub’s event when it is not shown yet, each label by itself', async () => {
    const both = observed({ labels: ['priority/p0', 'priority/p2', 'status/blocked', 'status/ready'] })
    const { changes, base: after, again, lost } = await look(both, LATER, [labelEvent({})], base, base.labels, true)
    expect(changes).toMatchObject([{ label: 'priority/p0' }])
    expect(after.labels).toEqual(['priority/p0', 'priority/p2', 'status/ready'])
    expect([again, lost]).toEqual([LATER + SETTLE_MS, []])
  })

  it('are none when the newest event undid them, or was ours', async () => {
    const undone = [labelEvent({}), labelEvent({ id: 2, change: 'removed' })]
    expect((await look(seen, LATER, undone)).changes).toEqual([])
    expect((await look(seen, LATER, [labelEvent({ appId: APP })])).changes).toEqual([])
  })
})

describe('other changes', () => {
  it('of title and state are told once', async () => {
    const seen = observed({ title: 'Another', open: false })
    const first = await look(seen, LATER)
    expect(first.changes).toMatchObject([
      { field: 'title', title: 'Another', by: { id: 'bob' } },
      { field: 'state', open: false },
    ])
    expect((await look(seen, LATER, [], first.base)).changes).toEqual([])
  })

  it('of a state that we have just changed ourselves wait until GitHub cannot be showing its past', async () => {
    const closed = { ...base, open: false, closedFor: AT }
    const early = await look(observed(), LATER - 1, [], closed)
    expect(early).toMatchObject({ changes: [], base: { open: false }, again: LATER - 1 + SETTLE_MS })
    const late = await look(observed(), LATER, [], closed)
    expect(late).toMatchObject({ changes: [{ field: 'state', open: true }], base: { open: true } })
  })

  it('of the record comment by a person are believed at once', async () => {
    const record = { nodeId: 'IC_1', id: 1, body: 'x', ours: true, editor: MALLORY, editedByUs: false }
    const { changes } = await look(observed({ record }), AT + 1)
    expect(changes).toMatchObject([{ field: 'record', what: 'record-edited', by: MALLORY }])
  })

  it('leave doubles of the record to be deleted', async () => {
    const { operations } = await look(observed({ doubles: [{ nodeId: 'IC_2', id: 2 }] }), LATER)
    expect(operations).toEqual([{ kind: 'delete-comment', comment: { nodeId: 'IC_2', id: 2 } }])
  })
})
