import { describe, expect, it } from 'vitest'
import type { ReplicaBase } from '../../../../app/outbound/github/replica/base.ts'
import { pullUnsureKey, RECORD_KEY } from '../../../../app/outbound/github/replica/operations.ts'
import { LOOK_AGAIN_MS, settleProbe } from '../../../../app/outbound/github/replica/probe.ts'

const NOW = 1_000_000
const base = (lookAgain: ReplicaBase['lookAgain']): ReplicaBase => ({
  v: 1,
  issue: { nodeId: 'I_1', id: 1, number: 1, repositoryNodeId: 'R_1', repositoryId: 1 },
  title: 'A',
  open: true,
  labels: [],
  record: null,
  checks: {},
  pullComments: {},
  unsure: [RECORD_KEY],
  lookAgain,
  writtenAt: NOW,
  observedAt: NOW,
  corrections: [],
  held: [],
})

describe('what was made once more because it was not found', () => {
  const pull = pullUnsureKey(7)

  it('is looked for again also when something else was in doubt meanwhile', () => {
    const waiting = { at: NOW + 5000, keys: [pull] }
    expect(settleProbe(base(waiting), [], NOW).lookAgain).toEqual(waiting)
    expect(settleProbe(base(waiting), [RECORD_KEY], NOW).lookAgain).toEqual({
      at: NOW + LOOK_AGAIN_MS,
      keys: [pull, RECORD_KEY],
    })
  })

  it('is looked for only once more', () => {
    expect(settleProbe(base({ at: NOW, keys: [pull] }), [], NOW).lookAgain).toBeNull()
  })
})
