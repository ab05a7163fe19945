import { describe, expect, it } from 'vitest'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { KEPT, MOST } from '../../../app/domain/task/limits.ts'
import { CREATE, READY, claim, given } from '../given.ts'

const times = (count: number, make: (n: number) => TaskCommand): readonly (readonly [TaskCommand])[] =>
  Array.from({ length: count }, (_, n) => [make(n)] as const)

const note = (n: number): TaskCommand => ({ type: 'add-note', text: `note ${n}` })
const block = (n: number): TaskCommand => ({ type: 'block-task', reason: `reason ${n}` })
const depend = (n: number): TaskCommand => ({
  type: 'add-dependency',
  on: { stream: `task/7/${100 + n}`, key: `DEV-${100 + n}` },
  status: 'open',
  onFailure: null,
  path: null,
})
const pull = (n: number, state: 'open' | 'merged' = 'open'): TaskCommand => ({
  type: 'observe-pull-request',
  pullRequest: { number: n + 1, branch: 'fix', headSha: 'a'.repeat(40), state },
})

describe('a full list', () => {
  it.each([
    ['notes', note],
    ['blockers', block],
    ['dependencies', depend],
    ['pull requests', pull],
  ] as const)('of %s refuses the next one, and says what it is that is full', (what, make) => {
    const most = MOST[what]
    const full = given([CREATE], ...times(most, make))
    expect(full.when(make(most)).decision).toEqual({
      ok: false,
      rejection: { code: 'too-many', key: 'DEV-12', what, most },
    })
  })

  it('still takes what changes or repeats what is on it', () => {
    given([CREATE], ...times(MOST['pull requests'], pull))
      .when(pull(3, 'merged'))
      .gives('pull-request-changed', 'task-completed')
    given([CREATE], ...times(MOST.dependencies, depend))
      .when(depend(3))
      .gives()
    given([CREATE], ...times(MOST.blockers, block))
      .when(block(3))
      .gives()
  })

  it('of attempts ends the task’s claims', () => {
    const turn = [[claim('alice')], [{ type: 'release-task', fence: null, reason: 'x' }]] as const
    const turns = Array.from({ length: MOST.attempts }, () => turn).flat()
    given(...READY, ...turns)
      .when(claim('alice'))
      .rejects('too-many')
  })
})

it('evidence and artifacts are kept newest first to go last', () => {
  const evidence = (n: number): TaskCommand => ({
    type: 'record-evidence',
    fence: null,
    command: `run ${n}`,
    exitCode: 0,
    headSha: null,
  })
  const { task } = given([CREATE], ...times(KEPT.evidence + 3, evidence))
  expect(task?.evidence).toHaveLength(KEPT.evidence)
  expect(task?.evidence[0]?.command).toBe('run 3')
  expect(task?.evidence.at(-1)?.command).toBe(`run ${KEPT.evidence + 2}`)
})
