/** Every command on a task, one exhaustive switch: which file decides it. Pure; see decide/ for the rules themselves. */
import { assertNever } from '../assert-never.ts'
import { keepBooks } from '../budget/keep-books.ts'
import { accept, reject } from '../rejection.ts'
import type { TaskCommand } from './commands.ts'
import { failAttempt, recordBrief, releaseTask, startAttempt, succeedAttempt } from './decide/attempt.ts'
import { claimTask } from './decide/claim.ts'
import type { DecideContext, TaskDecision } from './decide/context.ts'
import { addDependency, removeDependency, settleDependency } from './decide/dependency.ts'
import * as details from './decide/details.ts'
import * as facts from './decide/facts.ts'
import { approveGate, openGate } from './decide/gates.ts'
import { loseTask, moveTask } from './decide/move.ts'
import { askAboutDependencies } from './decide/ask-about-dependencies.ts'
import { askPolicy } from './decide/ask-policy.ts'
import { askPreemption } from './decide/preempt.ts'
import { setParent } from './decide/set-parent.ts'
import { refuseKilled } from './decide/refuse-killed.ts'
import { refuseLoosening } from './decide/refuse-loosening.ts'
import { reportAttempt } from './decide/report.ts'
import * as steer from './decide/steer.ts'
import { finishStep, startStep } from './decide/steps.ts'
import { tick } from './decide/tick.ts'
import { recordTool } from './decide/tool.ts'
import { underPolicy } from './decide/under-policy.ts'
import { taskEvent } from './events.ts'
import type { Task } from './state.ts'

export const decideTask = (task: Task | null, command: TaskCommand, context: DecideContext): TaskDecision => {
  if (command.type === 'create-task') {
    if (task !== null) return facts.changeTitle(task, { type: 'change-title', title: command.title }, context)
    const { type: _, ...data } = command
    return accept(taskEvent('task-created', data))
  }
  if (task === null) return reject({ code: 'not-a-task' })
  const killed = refuseKilled(command, context)
  if (killed !== null) return reject(killed)
  const decision = decideOne(task, command, context)
  const loosening = decision.ok ? refuseLoosening(task, decision.events, context) : null
  if (loosening !== null) return reject(loosening)
  const whole = decision.ok ? accept(...askAboutDependencies(task, decision.events, context)) : decision
  const allowed = underPolicy(task, command, context, whole)
  return keepBooks(task, allowed, context, { passing: command.type === 'tick' })
}

const decideOne = (
  task: Task,
  command: Exclude<TaskCommand, { readonly type: 'create-task' }>,
  context: DecideContext,
): TaskDecision => {
  switch (command.type) {
    case 'change-title':
      return facts.changeTitle(task, command, context)
    case 'update-task':
      return details.updateTask(task, command, context)
    case 'edit-lists':
      return details.editLists(task, command, context)
    case 'set-deadline':
      return details.setDeadline(task, command, context)
    case 'enter-phase':
      return details.enterPhase(task, command, context)
    case 'report-progress':
      return details.reportProgress(task, command, context)
    case 'set-next-step':
      return details.setNextStep(task, command, context)
    case 'attribute-task':
      return details.attributeTask(task, command, context)
    case 'record-custom':
      return details.recordCustom(task, command, context)
    case 'start-step':
      return startStep(task, command, context)
    case 'finish-step':
      return finishStep(task, command, context)
    case 'ready-task':
      return steer.readyTask(task, command, context)
    case 'claim-task':
      return claimTask(task, command, context)
    case 'record-brief':
      return recordBrief(task, command, context)
    case 'start-attempt':
      return startAttempt(task, command, context)
    case 'succeed-attempt':
      return succeedAttempt(task, command, context)
    case 'fail-attempt':
      return failAttempt(task, command, context)
    case 'release-task':
      return releaseTask(task, command, context)
    case 'report-attempt':
      return reportAttempt(task, command, context)
    case 'retry-task':
      return steer.retryTask(task, command, context)
    case 'resolve-task':
      return steer.resolveTask(task, command, context)
    case 'ask-person':
      return steer.askPerson(task, command, context)
    case 'cancel-task':
      return steer.cancelTask(task, command, context)
    case 'fail-task':
      return steer.failTask(task, command, context)
    case 'complete-task':
      return steer.completeTask(task, command, context)
    case 'reopen-task':
      return steer.reopenTask(task, command, context)
    case 'block-task':
      return steer.blockTask(task, command, context)
    case 'unblock-task':
      return steer.unblockTask(task, command, context)
    case 'record-evidence':
      return facts.recordEvidence(task, command, context)
    case 'record-artifact':
      return facts.recordArtifact(task, command, context)
    case 'record-tool':
      return recordTool(task, command, context)
    case 'ask-policy':
      return askPolicy(task, command, context)
    case 'add-note':
      return facts.addNote(task, command, context)
    case 'set-priority':
      return facts.setPriority(task, command, context)
    case 'add-dependency':
      return addDependency(task, command, context)
    case 'remove-dependency':
      return removeDependency(task, command, context)
    case 'set-parent':
      return setParent(task, command, context)
    case 'settle-dependency':
      return settleDependency(task, command, context)
    case 'observe-pull-request':
      return facts.observePullRequest(task, command, context)
    case 'observe-assignees':
      return facts.observeAssignees(task, command, context)
    case 'observe-milestone':
      return facts.observeMilestone(task, command, context)
    case 'observe-head':
      return facts.observeHead(task, command, context)
    case 'offer-head':
      return facts.offerHead(task, command, context)
    case 'ask-preemption':
      return askPreemption(task, command, context)
    case 'open-gate':
      return openGate(task, command, context)
    case 'approve-gate':
      return approveGate(task, command, context)
    case 'move-task':
      return moveTask(task, command, context)
    case 'lose-task':
      return loseTask(task, command, context)
    case 'report-tampering':
      return facts.reportTampering(task, command, context)
    case 'tick':
      return tick(task, command, context)
    default:
      return assertNever(command)
  }
}
