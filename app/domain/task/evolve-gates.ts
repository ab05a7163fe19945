/** How events of gates and of policy change a task; the part of evolve.ts that is about them. Members are absent while there is nothing to say. */
import type { Gate } from '../policy/gate.ts'
import { withVerdict } from '../policy/verdict.ts'
import type { TaskEvent } from './events.ts'
import type { Task } from './state.ts'

type EventOf<T extends TaskEvent['type']> = TaskEvent & { readonly type: T }

export type GateEvent = EventOf<'policy-evaluated' | 'gate-opened' | 'gate-approved' | 'gate-closed'>

export const evolveGates = (task: Task, event: GateEvent): Task => {
  const { at } = event
  switch (event.type) {
    case 'policy-evaluated':
      return { ...asked(task, event.data.attempt), verdicts: withVerdict(task.verdicts, { ...event.data, at }) }
    case 'gate-opened': {
      const { gate: name, ...data } = event.data
      return put(task, { name, ...data, state: 'open', reason: null, approvals: [], at })
    }
    case 'gate-approved': {
      const { gate: name, by, role } = event.data
      return change(task, name, (gate) => ({ approvals: [...gate.approvals, { by, role, at }] }))
    }
    case 'gate-closed': {
      const { gate: name, how, reason } = event.data
      if (how === 'dropped') return without(task, name)
      return change(task, name, () => ({ state: how, reason: how === 'fell' ? reason : null }))
    }
  }
}

const asked = (task: Task, attempt: number | undefined): Task =>
  attempt === undefined
    ? task
    : {
        ...task,
        attempts: task.attempts.map((one) => (one.n === attempt ? { ...one, asked: (one.asked ?? 0) + 1 } : one)),
      }

const others = (task: Task, name: string): readonly Gate[] => (task.gates ?? []).filter((gate) => gate.name !== name)

const put = (task: Task, gate: Gate): Task => ({ ...task, gates: [...others(task, gate.name), gate] })

const change = (task: Task, name: string, by: (gate: Gate) => Partial<Gate>): Task => {
  const known = task.gates?.find((gate) => gate.name === name)
  if (known === undefined) return task
  const changed = { ...known, ...by(known) }
  return { ...task, gates: (task.gates ?? []).map((gate) => (gate === known ? changed : gate)) }
}

const without = (task: Task, name: string): Task => {
  const { gates: _, ...rest } = task
  const left = others(task, name)
  return left.length === 0 ? rest : { ...rest, gates: left }
}
