/**
 * A gate: a named action of a task that waits for so many people. It is bound to one attempt, and to the commit that stood there
 * when it was opened; on any other it is worth nothing. Opening and approving are in decide/gates.ts, falling in decide/fall-gates.ts.
 */
import type { Role } from '../actor.ts'
import type { Millis } from '../event/envelope.ts'
import type { Task } from '../task/state.ts'
import { holdsMerge, type GateNeeds, type PolicyVerb } from './rule.ts'

/** What an approval is for. `headSha` null: nothing had been pushed. */
export interface GateBinding {
  readonly attempt: number | null
  readonly headSha: string | null
}

export interface Approval {
  /** Login. */
  readonly by: string
  readonly role: Role
  readonly at: Millis
}

export interface Gate extends GateBinding {
  readonly name: string
  readonly needs: GateNeeds
  /** What policy holds back until it is approved; null: somebody asked for it. */
  readonly verb: PolicyVerb | null
  readonly state: 'open' | 'approved' | 'fell'
  /** It was there for another commit before: who approves it names the one that they looked at. */
  readonly moved?: true
  /** Why it fell. */
  readonly reason: string | null
  readonly approvals: readonly Approval[]
  readonly at: Millis
}

export const gatesOf = (task: Pick<Task, 'gates'>): readonly Gate[] => task.gates ?? []

export const gateNamed = (task: Pick<Task, 'gates'>, name: string): Gate | null =>
  gatesOf(task).find((gate) => gate.name === name) ?? null

/** Whether it was opened for exactly this, and has not fallen since. */
export const isFor = (gate: Gate, { attempt, headSha }: GateBinding): boolean =>
  gate.state !== 'fell' && gate.attempt === attempt && gate.headSha === headSha

/** The same person counts once, however the login is spelled. */
export const countApprovals = ({ approvals }: Pick<Gate, 'approvals'>): number =>
  new Set(approvals.map(({ by }) => by.toLowerCase())).size

/** Approved by enough people, for exactly this. */
export const stands = (gate: Gate | null, binding: GateBinding): boolean =>
  gate !== null && gate.state === 'approved' && isFor(gate, binding) && countApprovals(gate) >= gate.needs.approvals

/** Where work stands for each thing that policy may hold back. */
export const bindingFor = (task: Task, verb: PolicyVerb | null): GateBinding => {
  const attempt = task.attempts.at(-1)
  if (attempt === undefined || (verb === 'claim' && task.lease === null)) {
    return { attempt: task.attempts.length + 1, headSha: null }
  }
  const { n, headSha } = attempt
  if (verb !== 'merge') return { attempt: n, headSha }
  return { attempt: n, headSha: pullOf(task)?.headSha ?? headSha }
}

/** The open pull request of the newest attempt: on its branch, else the only one that there is. */
const pullOf = ({ attempts, pullRequests }: Task) => {
  const open = pullRequests.filter(({ state }) => state === 'open')
  const own = open.findLast(({ branch }) => branch === attempts.at(-1)?.branch)
  return own ?? (open.length === 1 ? open[0] : undefined)
}

/** The gates that hold back what the commit may become: a merge may not pass them. */
export const missingOn = (task: Task, headSha: string): readonly Gate[] =>
  gatesOf(task).filter(
    (gate) => holdsMerge(gate.verb) && !(gate.headSha === headSha && stands(gate, { attempt: gate.attempt, headSha })),
  )
