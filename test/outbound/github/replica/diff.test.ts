import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance } from '../../../../app/outbound/github/replica/advance.ts'
import { desired, type Desired } from '../../../../app/outbound/github/replica/desired.ts'
import { ANNOTATION_BATCH, NOTHING_APPLIED, diff, type DiffBase } from '../../../../app/outbound/github/replica/diff.ts'
import type { Operation } from '../../../../app/outbound/github/replica/operations.ts'
import { AT, BASE_SHA, HEAD_SHA, aFailedAttempt, aTask, anAttempt, failedTests } from '../task-fixture.ts'
import { arbitraryTask } from './arbitrary-task.ts'

const record = { body: 'the card', rev: 1 }

/** A GitHub that does all it is asked. */
const carryOut = (base: DiffBase, operations: readonly Operation[]): DiffBase =>
  operations.reduce((before, operation, index) => advance(before, operation, { nodeId: `N${index}`, id: index }), base)

const settled = (base: DiffBase, want: ReturnType<typeof desired>): DiffBase => {
  let at = base
  for (let round = 0; round < 10; round++) {
    const operations = diff(at, want)
    if (operations.length === 0) return at
    at = carryOut(at, operations)
  }
  throw new Error('goes in circles')
}

const kinds = (operations: readonly Operation[]): readonly string[] => operations.map(({ kind }) => kind)

describe('laws', () => {
  it('carried out, the difference leads to the desired state, and doing it again does nothing', () => {
    fc.assert(
      fc.property(arbitraryTask, (task) => {
        const want = desired(task, record)
        expect(diff(settled(NOTHING_APPLIED, want), want)).toEqual([])
      }),
    )
  })

  it('leads there from any other state of the task too, with the same labels and check runs', () => {
    fc.assert(
      fc.property(arbitraryTask, arbitraryTask, (before, after) => {
        const want = desired(after, { body: 'newer', rev: 2 })
        const direct = settled(NOTHING_APPLIED, want)
        const led = settled(settled(NOTHING_APPLIED, desired(before, record)), want)
        expect(led.labels).toEqual(direct.labels)
        expect(led.record?.hash).toBe(direct.record?.hash)
        for (const [key, check] of Object.entries(direct.checks)) expect(led.checks[key]?.hash).toBe(check.hash)
      }),
    )
  })

  it('sends every annotation once, in batches that GitHub takes', () => {
    fc.assert(
      fc.property(arbitraryTask, arbitraryTask, (before, after) => {
        const sent = new Map<string, number>()
        let base = NOTHING_APPLIED
        for (const task of [before, after, after]) {
          for (let round = 0; round < 10; round++) {
            const operations = diff(base, desired(task, record))
            for (const operation of operations) {
              if (operation.kind !== 'create-check' && operation.kind !== 'update-check') continue
              const key = `${operation.check.externalId} ${operation.check.headSha}`
              const from = operation.kind === 'create-check' ? 0 : operation.from
              expect(from).toBe(sent.get(key) ?? 0)
              expect(operation.to - from).toBeLessThanOrEqual(ANNOTATION_BATCH)
              sent.set(key, operation.to)
            }
            base = carryOut(base, operations)
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('labels', () => {
  it('adds what is missing and then takes off what is ours and not wanted', () => {
    const base = { ...NOTHING_APPLIED, labels: ['priority/p2', 'status/backlog'] }
    const operations = diff(base, desired(aTask(), record)).filter(({ kind }) => kind.endsWith('labels'))
    expect(operations).toMatchObject([
      { kind: 'add-labels', labels: [{ name: 'status/ready' }] },
      { kind: 'remove-labels', names: ['status/backlog'] },
    ])
  })

  it('does not care about the case in which GitHub keeps a name', () => {
    const labels = desired(aTask({ attempts: [anAttempt({ owner: 'Claude' })] }), record)
    const base = carryOut(NOTHING_APPLIED, diff(NOTHING_APPLIED, labels))
    expect(base.labels).toContain('agent/claude')
    expect(diff(base, labels)).toEqual([])
  })
})

describe('edges', () => {
  it('are drawn twenty at a time, for GitHub gives a request ten seconds', () => {
    const dependsOn = Array.from({ length: 50 }, (_, n) => ({
      stream: `task/1/${n + 20}` as const,
      key: `DEV-${n + 20}`,
    }))
    const want = desired(aTask({ dependsOn }), record)
    const batches: number[] = []
    let base = NOTHING_APPLIED
    for (let operations = diff(base, want); operations.length > 0; operations = diff(base, want)) {
      batches.push(operations.filter(({ kind }) => kind === 'add-edge').length)
      base = carryOut(base, operations)
    }
    expect(batches).toEqual([20, 20, 10])
  })
})

describe('check runs', () => {
  it('opens one on the base commit, and on the new head once there is one, ending the old without a verdict', () => {
    const onBase = desired(aTask({ attempts: [anAttempt()] }), record)
    const base = carryOut(NOTHING_APPLIED, diff(NOTHING_APPLIED, onBase))
    const pushed = desired(aTask({ attempts: [anAttempt({ headSha: HEAD_SHA })] }), record)
    const operations = diff(base, pushed)
    expect(operations).toMatchObject([
      { kind: 'create-check', check: { headSha: HEAD_SHA, progress: { status: 'in_progress' } } },
      { kind: 'leave-check', movedTo: HEAD_SHA },
    ])
    expect(diff(carryOut(base, operations), pushed)).toEqual([])
  })

  it('opens one again when its attempt comes back to the commit', () => {
    const [there, elsewhere] = [HEAD_SHA, 'f'.repeat(40)].map((headSha) =>
      desired(aTask({ attempts: [anAttempt({ headSha })] }), record),
    ) as [Desired, Desired]
    const once = carryOut(NOTHING_APPLIED, diff(NOTHING_APPLIED, there))
    const left = carryOut(once, diff(once, elsewhere))
    const back = diff(left, there)
    expect(back).toMatchObject([
      { kind: 'update-check', check: { headSha: HEAD_SHA, progress: { status: 'in_progress' } } },
      { kind: 'leave-check', movedTo: HEAD_SHA },
    ])
    expect(diff(carryOut(left, back), there)).toEqual([])
  })

  it('does not move one that is finished', () => {
    const finished = desired(aTask({ attempts: [aFailedAttempt()] }), record)
    const base = carryOut(NOTHING_APPLIED, diff(NOTHING_APPLIED, finished))
    expect(kinds(diff(base, desired(aTask({ attempts: [aFailedAttempt()], title: 'Another title' }), record)))).toEqual(
      ['update-check'],
    )
  })

  it('sends 120 failing tests as three batches', () => {
    const want = desired(aTask({ attempts: [aFailedAttempt({ tests: failedTests(120) })] }), record)
    let base = NOTHING_APPLIED
    const batches: string[] = []
    for (let operations = diff(base, want); operations.length > 0; operations = diff(base, want)) {
      for (const operation of operations) {
        if (operation.kind === 'create-check') batches.push(`create 0-${operation.to}`)
        if (operation.kind === 'update-check') batches.push(`update ${operation.from}-${operation.to}`)
      }
      base = carryOut(base, operations)
    }
    expect(batches).toEqual(['create 0-50', 'update 50-100', 'update 100-120'])
  })

  it('stands nowhere while no commit is known', () => {
    const task = aTask({ attempts: [anAttempt({ baseSha: null })] })
    expect(desired(task, record).checks).toEqual([])
  })

  it('has one per attempt, and the constant one on the head of the pull request', () => {
    const pull = { number: 34, branch: 'muster/DEV-12-round', headSha: HEAD_SHA, state: 'open' as const }
    const task = aTask({
      attempts: [aFailedAttempt(), anAttempt({ n: 2, fence: { epoch: 1, n: 2 } })],
      pullRequests: [pull],
    })
    const checks = desired(task, record).checks.map(({ name, headSha }) => [name, headSha])
    expect(checks).toEqual([
      ['muster / DEV-12 #1', HEAD_SHA],
      ['muster / DEV-12 #2', BASE_SHA],
      ['muster', HEAD_SHA],
    ])
  })
})

describe('comments', () => {
  it('are written once, updated in place, and not touched when their text is the same', () => {
    const first = diff(NOTHING_APPLIED, desired(aTask(), record)).find(({ kind }) => kind === 'write-record')
    expect(first).toMatchObject({ comment: null, rev: 1 })
    const base = carryOut(NOTHING_APPLIED, diff(NOTHING_APPLIED, desired(aTask(), record)))
    expect(diff(base, desired(aTask(), record))).toEqual([])
    expect(diff(base, desired(aTask(), { body: 'newer', rev: 2 }))).toMatchObject([
      { kind: 'write-record', comment: { nodeId: base.record?.nodeId } },
    ])
  })

  it('appear on a pull request once there is an attempt to show', () => {
    const pull = { number: 34, branch: 'x', headSha: HEAD_SHA, state: 'open' as const }
    expect(kinds(diff(NOTHING_APPLIED, desired(aTask({ pullRequests: [pull] }), record)))).not.toContain(
      'write-pull-comment',
    )
    const task = aTask({ pullRequests: [pull], attempts: [anAttempt({ endedAt: AT })] })
    expect(kinds(diff(NOTHING_APPLIED, desired(task, record)))).toContain('write-pull-comment')
  })
})

describe('a task that is done', () => {
  const done = desired(aTask({ status: 'done', statusSince: AT }), record)
  const closings = (base: DiffBase, want: Desired) => diff(base, want).filter(({ kind }) => kind === 'close-issue')

  it('closes its issue once: who opens it again has the last word, until the task is done anew', () => {
    const [close] = closings(NOTHING_APPLIED, done)
    expect(close).toEqual({ kind: 'close-issue', closeFor: AT })
    const closed = settled(NOTHING_APPLIED, done)
    expect(closed).toMatchObject({ open: false, closedFor: AT })
    const openedAgain = { ...closed, open: true }
    expect(closings(openedAgain, done)).toEqual([])
    expect(closings(openedAgain, desired(aTask({ status: 'ready', statusSince: AT + 1 }), record))).toEqual([])
    expect(closings(openedAgain, desired(aTask({ status: 'done', statusSince: AT + 2 }), record))).toHaveLength(1)
  })

  it('leaves an issue alone that is closed, and those of other tasks', () => {
    expect(closings({ ...NOTHING_APPLIED, open: false }, done)).toEqual([])
    for (const status of ['failed', 'canceled', 'review', 'needs_human'] as const)
      expect(closings(NOTHING_APPLIED, desired(aTask({ status }), record))).toEqual([])
  })
})
