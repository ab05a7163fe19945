import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../../../app/domain/event/envelope.ts'
import { matchAttempt } from '../../../../app/outbound/github/reports/match-attempt.ts'
import { HEAD_SHA, aFailedAttempt, aTask, anAttempt } from '../task-fixture.ts'

const BRANCH = 'muster/DEV-12-round'
const second = anAttempt({ n: 2, fence: { epoch: 1, n: 2 } })
const task = aTask({ attempts: [aFailedAttempt(), second] })
const granted = (attempt: number, runId: number | null): StoredEvent =>
  ({ type: 'lease-granted', data: { lease: { attempt, runId } } }) as unknown as StoredEvent

const run = (change: object = {}) => ({ id: 900, headBranch: BRANCH, headSha: 'c'.repeat(40), ...change })
const foundIn = (...args: Parameters<typeof matchAttempt>) => {
  const match = matchAttempt(...args)
  return match.found ? match.attempt.n : match.why
}

describe('matchAttempt', () => {
  it('takes the attempt whose lease the run took, also when the lease is over', () => {
    const events = [granted(1, 900), granted(2, 901)]
    expect(foundIn(task, events, run({ headBranch: 'main' }), 2)).toBe(1)
    expect(foundIn(task, events, run({ id: 901, headBranch: 'main' }), null)).toBe(2)
  })

  it('else the attempt on the branch: by commit, by the report’s word, the live one', () => {
    expect(foundIn(task, [], run({ headSha: HEAD_SHA }), 2)).toBe(1)
    expect(foundIn(task, [], run(), 1)).toBe(1)
    expect(foundIn(task, [], run(), null)).toBe(2)
    expect(foundIn(task, [], run(), 7)).toBe(2)
  })

  it('takes the attempt that was once at the run’s commit, not a newer one that is live', () => {
    const left = 'd'.repeat(40)
    const moved = { type: 'attempt-head-moved', data: { attempt: 1, branch: BRANCH, headSha: left } }
    const events = [moved as unknown as StoredEvent]
    expect(foundIn(task, events, run({ headSha: left }), null)).toBe(1)
    expect(foundIn(task, events, run({ headSha: left }), 2)).toBe(1)
    expect(foundIn(task, events, run(), null)).toBe(2)
  })

  it('says whether the run took the lease', () => {
    expect(matchAttempt(task, [granted(2, 900)], run(), null)).toMatchObject({ leased: true })
    expect(matchAttempt(task, [granted(2, 901)], run(), null)).toMatchObject({ leased: false })
  })

  it.each([null, 'main', 'muster/DEV-13-round', 'muster/DEV-123'])(
    'refuses a run on %s that took no lease',
    (headBranch) => {
      expect(foundIn(task, [granted(1, 5)], run({ headBranch }), 1)).toContain('took no lease of DEV-12')
    },
  )

  it('refuses a branch that no attempt was made on', () => {
    const other = aTask({ attempts: [aFailedAttempt({ branch: 'muster/DEV-12-other' })] })
    expect(foundIn(other, [], run(), 1)).toContain('no attempt on muster/DEV-12-round')
  })
})
