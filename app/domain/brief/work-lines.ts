/** Where the work stands, for whoever starts or comes back without a memory of it. */
import { canonicalJson } from '../event/canonical-json.ts'
import type { Dependency, Evidence, Task } from '../task/state.ts'
import { cut } from '../text/cut.ts'
import { oneLineOf } from './lines.ts'

const MAX_EVIDENCE = 5
const MAX_OUTPUT = 500
const MAX_NOTES = 30

export const standingLines = (task: Task): readonly string[] => {
  const { details, attempts, evidence } = task
  const { phase, progress, nextStep } = details
  const head = attempts.findLast(({ headSha }) => headSha !== null)
  return [
    ...(phase === undefined ? [] : [`- phase: ${oneLineOf(phase.name)}`]),
    ...(progress === undefined ? [] : [`- progress: ${progressWords(progress)}`]),
    ...(nextStep === undefined ? [] : [`- next step: ${oneLineOf(nextStep)}`]),
    ...(head === undefined ? [] : [`- newest commit: ${head.headSha ?? ''} on ${oneLineOf(head.branch ?? '')}`]),
    ...evidence.slice(-MAX_EVIDENCE).toReversed().map(evidenceLine),
  ]
}

const progressWords = ({ percent, text }: NonNullable<Task['details']['progress']>): string =>
  [...(percent === null ? [] : [`${percent} %`]), ...(text === null ? [] : [oneLineOf(text)])].join(', ')

const evidenceLine = ({ command, exitCode, headSha, trust }: Evidence): string => {
  const at = headSha === null ? '' : ` at ${headSha.slice(0, 7)}`
  return `- evidence: ${oneLineOf(command)} exited with ${exitCode}${at}${trust === 'self' ? '' : ', as CI says'}`
}

export const stepLines = ({ details: { steps = [], stepRuns = [] } }: Task): readonly string[] =>
  steps.flatMap(({ id, title, inputSchema, outputSchema }) => {
    const run = stepRuns.find(({ step }) => step === id)
    const isFinished = run?.status === 'finished'
    return [
      `- [${isFinished ? 'x' : ' '}] ${id}: ${oneLineOf(title)}${run?.status === 'started' ? ' (under way)' : ''}`,
      ...(isFinished && run.output !== null ? [`  output: ${jsonLine(run.output)}`] : []),
      ...(isFinished || inputSchema === undefined ? [] : [`  its input must be as ${oneLineOf(inputSchema)}`]),
      ...(isFinished || outputSchema === undefined ? [] : [`  its output must be as ${oneLineOf(outputSchema)}`]),
    ]
  })

export const dependencyLines = (task: Task, dependencies: readonly Task[]): readonly string[] =>
  task.dependsOn.flatMap((dependency) => {
    const { stream, key } = dependency
    const other = dependencies.find((one) => one.stream === stream)
    const output = other?.details.output
    const pulls = other?.pullRequests.filter(({ state }) => state === 'merged').map(({ number }) => `#${number}`) ?? []
    return [
      `- ${key} (${standing(task, dependency)})${other === undefined ? '' : `: ${oneLineOf(other.title)}`}${pulls.length === 0 ? '' : `, merged as ${pulls.join(', ')}`}`,
      ...(output === undefined ? [] : [`  output: ${jsonLine(output)}`]),
    ]
  })

const standing = ({ waitsFor }: Task, { stream, ended }: Dependency): string => {
  const waits = waitsFor.includes(stream)
  return ended === undefined ? (waits ? 'not done' : 'done') : `${ended}${waits ? '' : ', not waited for'}`
}

/** Newest first: what is left out is what is oldest. */
export const noteLines = ({ notes }: Task): readonly string[] =>
  notes
    .slice(-MAX_NOTES)
    .toReversed()
    .map(({ by, text }) => `- ${oneLineOf(by)}: ${oneLineOf(text)}`)

const jsonLine = (value: unknown): string => oneLineOf(cut(canonicalJson(value), MAX_OUTPUT))
