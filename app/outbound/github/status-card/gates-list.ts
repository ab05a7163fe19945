/** The gates of a task for people to read. How to approve one stands in the check of its pull request and in every refusal. */
import { gatesOf } from '../../../domain/policy/gate.ts'
import type { Task } from '../../../domain/task/state.ts'
import { gateLine } from '../text/gate-line.ts'

export const gatesList = (task: Task): string | null => {
  const gates = gatesOf(task)
  return gates.length === 0 ? null : gates.map((gate) => `- ${gateLine(gate)}`).join('\n')
}
