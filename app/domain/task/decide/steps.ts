/** Steps inside a task: started and finished by whoever works on it, with inputs and outputs as their schemas say. */
import { canonicalJson, type Json } from '../../event/canonical-json.ts'
import { accept, reject, type Rejection } from '../../rejection.ts'
import type { StepRun } from '../details.ts'
import { taskEvent } from '../events.ts'
import { MAX_STEP_CHARS } from '../limits.ts'
import type { Task } from '../state.ts'
import type { Decide } from './context.ts'
import { refuseUnheld } from './require-lease.ts'

/** Once more only by another attempt, which does it anew. */
export const startStep: Decide<'start-step'> = (
  task,
  { step: id, input = null, fence, inputProblems = [] },
  context,
) => {
  const refused = stepOf(task, id) ?? refuseUnheld(task, fence, context, 'step')
  if (refused !== null) return reject(refused)
  const attempt = task.lease?.attempt ?? null
  const run = runOf(task, id)
  if (run?.status === 'finished' || (run !== undefined && run.attempt === attempt)) return accept()
  const refusal = tooLong('input', input) ?? invalid(task, id, 'input-invalid', inputProblems)
  return refusal === null ? accept(taskEvent('step-started', { step: id, attempt, input })) : reject(refusal)
}

export const finishStep: Decide<'finish-step'> = (
  task,
  { step: id, output = null, fence, outputProblems = [] },
  context,
) => {
  const refused = stepOf(task, id) ?? refuseUnheld(task, fence, context, 'step')
  if (refused !== null) return reject(refused)
  const run = runOf(task, id)
  if (run === undefined) return reject(wrong('do', `${id} has not been started`))
  if (run.status === 'finished') {
    const same = canonicalJson(run.output) === canonicalJson(output)
    return same ? accept() : reject(wrong('do', `${id} is finished, with another output`))
  }
  const refusal = tooLong('output', output) ?? invalid(task, id, 'output-invalid', outputProblems)
  const attempt = task.lease?.attempt ?? null
  return refusal === null ? accept(taskEvent('step-finished', { step: id, attempt, output })) : reject(refusal)
}

const stepOf = ({ key, details: { steps = [] } }: Task, id: string): Rejection | null =>
  steps.some((step) => step.id === id) ? null : { code: 'no-such-step', key, step: id }

const runOf = ({ details }: Task, id: string): StepRun | undefined => details.stepRuns?.find(({ step }) => step === id)

const wrong = (argument: string, problem: string): Rejection => ({ code: 'invalid-argument', argument, problem })

const tooLong = (argument: string, value: Json): Rejection | null =>
  canonicalJson(value).length > MAX_STEP_CHARS
    ? wrong(argument, `it is longer than ${MAX_STEP_CHARS} characters; record an artifact and name that`)
    : null

const invalid = (
  { key }: Task,
  step: string,
  code: 'input-invalid' | 'output-invalid',
  problems: readonly string[],
): Rejection | null => (problems.length === 0 ? null : { code, key, step, problems })
