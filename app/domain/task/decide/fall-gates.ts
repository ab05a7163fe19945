/**
 * Approvals are for what people looked at. When the commit moves, when the attempt ends, and when another one begins, the gates
 * that were bound to it fall: these events go with the others in the same write, whoever brought them about.
 */
import { gatesOf, type Gate } from '../../policy/gate.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import type { Task } from '../state.ts'

export const fallGates = (task: Task, events: readonly NewTaskEvent[]): readonly NewTaskEvent[] =>
  gatesOf(task)
    .filter(({ state }) => state !== 'fell')
    .flatMap((gate) => {
      const reason = events.map((event) => whyFell(task, gate, event)).find((why) => why !== null)
      return reason === undefined ? [] : [taskEvent('gate-closed', { gate: gate.name, how: 'fell', reason })]
    })

const whyFell = (task: Task, gate: Gate, event: NewTaskEvent): string | null => {
  switch (event.type) {
    case 'attempt-head-moved': {
      const { attempt, headSha } = event.data
      // What an agent may begin with is not about what it made.
      const isBound = gate.headSha !== null || gate.verb !== 'claim'
      const isOwn = gate.attempt === null || gate.attempt === attempt
      return isBound && isOwn && gate.headSha !== headSha ? moved(headSha) : null
    }
    case 'pull-request-changed': {
      const { number, headSha } = event.data.pullRequest
      const before = task.pullRequests.find((pull) => pull.number === number)
      const stood = gate.headSha !== null && before?.headSha === gate.headSha
      return stood && headSha !== gate.headSha ? moved(headSha) : null
    }
    case 'lease-granted':
      return event.data.lease.attempt === gate.attempt ? null : 'another attempt has begun'
    case 'attempt-succeeded':
      return event.data.attempt === gate.attempt && gate.headSha === null ? 'the attempt has ended' : null
    case 'attempt-failed':
    case 'attempt-canceled':
    case 'lease-released':
    case 'lease-expired':
      return event.data.attempt === gate.attempt ? 'the attempt has ended' : null
    default:
      return null
  }
}

const moved = (headSha: string): string => `the work moved on to ${headSha.slice(0, 12)}`
