/** What policy says of a tool goes on record for whoever holds the task, a bounded number of times for one attempt. */
import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import { MOST_VERDICTS_ON_TOOLS } from '../../../app/domain/task/limits.ts'
import { AGENT, BOB, READY, claim, context, given, played, replay } from '../given.ts'

const settings: Settings = {
  ...DEFAULT_SETTINGS,
  policy: {
    otherwise: 'allow',
    rules: [
      { id: 'infra', effect: 'deny', gate: null, reason: null, when: { kind: 'is', what: 'path', like: ['infra/*'] } },
    ],
  },
}
const byAgent = { actor: AGENT, settings }
const HELD = [...READY, [claim('a1'), { actor: AGENT }]] as const
const ask = (path: string): TaskCommand => ({
  type: 'ask-policy',
  question: { verb: 'tool', agent: 'a1', tool: 'bash', path },
})

it('counts with the attempt, and is once on record however often it is asked', () => {
  const at = given(...HELD).when(ask('infra/x'), byAgent)
  expect(at.gives('policy-evaluated').attempts.map(({ asked }) => asked)).toEqual([1])
  given(...HELD, [ask('infra/x'), byAgent])
    .when(ask('infra/x'), byAgent)
    .gives()
})

it('is not on record for others, without a lease, or where no policy is', () => {
  given(...HELD)
    .when(ask('infra/x'), { actor: BOB, settings })
    .gives()
  given(...READY)
    .when(ask('infra/x'), byAgent)
    .gives()
  given(...HELD)
    .when(ask('infra/x'), { actor: AGENT })
    .gives()
})

it('goes on record so often for one attempt and no more', () => {
  const task = replay(played(...HELD))
  const [attempt] = task?.attempts ?? []
  if (task === null || attempt === undefined) throw new Error('a task with an attempt expected')
  const after = (asked: number) =>
    decideTask({ ...task, attempts: [{ ...attempt, asked }] }, ask('infra/x'), context(byAgent))
  expect(after(MOST_VERDICTS_ON_TOOLS - 1).events).toHaveLength(1)
  expect(after(MOST_VERDICTS_ON_TOOLS)).toMatchObject({ ok: true, events: [] })
})
