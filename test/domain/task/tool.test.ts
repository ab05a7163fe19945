import { expect, it } from 'vitest'
import { MOST } from '../../../app/domain/task/limits.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { AGENT, CLAIMED, READY, claim, given, played, replay, store } from '../given.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import { context } from '../given.ts'

const tool = (over: Partial<TaskCommand & { type: 'record-tool' }> = {}): TaskCommand => ({
  type: 'record-tool',
  tool: 'bash',
  summary: 'npm test: 9 passed',
  ok: true,
  durationMs: 4200,
  fence: { epoch: 1, n: 1 },
  ...over,
})
const byAgent = { actor: AGENT }
const HELD = [...READY, [claim('a1'), byAgent]] as const

it('keeps a call of a tool in the log, and its number with the attempt', () => {
  const task = given(...HELD, [tool(), byAgent])
    .when(tool({ ok: false }), byAgent)
    .gives('tool-invoked')
  expect(task.attempts.map(({ tools }) => tools)).toEqual([2])
  expect(JSON.stringify(task)).not.toContain('npm test')
})

it('takes calls of whoever holds the lease only', () => {
  given(...CLAIMED)
    .when(tool(), byAgent)
    .rejects('not-the-holder')
  given(...HELD)
    .when(tool({ fence: { epoch: 1, n: 2 } }), byAgent)
    .rejects('stale-fence')
  given(...HELD)
    .when(tool({ fence: null }), byAgent)
    .rejects('fence-missing')
  given(...READY)
    .when(tool({ fence: null }))
    .rejects('no-lease')
})

it('takes so many of one attempt and no more; the next one counts anew', () => {
  const at = context(byAgent)
  let log = played(...HELD)
  let task = replay(log)
  if (task === null) throw new Error('a task expected')
  task = { ...task, attempts: task.attempts.map((one) => ({ ...one, tools: MOST['tool calls'] - 1 })) }
  const last = decideTask(task, tool(), at)
  expect(last.ok && last.events.length).toBe(1)
  task = { ...task, attempts: task.attempts.map((one) => ({ ...one, tools: MOST['tool calls'] })) }
  expect(decideTask(task, tool(), at)).toMatchObject({ ok: false, rejection: { code: 'too-many', what: 'tool calls' } })

  const released = decideTask(task, { type: 'release-task', fence: { epoch: 1, n: 1 }, reason: 'r' }, at)
  log = [...log, ...store(released.ok ? released.events : [], at, log)]
  const again = decideTask(replay(log), claim('a1'), at)
  log = [...log, ...store(again.ok ? again.events : [], at, log)]
  expect(decideTask(replay(log), tool({ fence: { epoch: 1, n: 2 } }), at).ok).toBe(true)
})
