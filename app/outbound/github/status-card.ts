/**
 * What people read above the hidden part of a record comment. A pure function of the task alone: not of the clock, of volatile
 * deadlines or of other tasks, so that nothing but an event of this task ever rewrites it. All foreign words are neutralised.
 */
import type { Task } from '../../domain/task/state.ts'
import { artifactsTable } from './status-card/artifacts-table.ts'
import { attemptsTable } from './status-card/attempts-table.ts'
import { budgetLines } from './status-card/budget-lines.ts'
import { dependencyGraph } from './status-card/dependency-graph.ts'
import { acceptanceList, dueLine, workLine } from './status-card/details-lines.ts'
import { evidenceTable } from './status-card/evidence-table.ts'
import { parentLine } from './status-card/parent-line.ts'
import { gatesList } from './status-card/gates-list.ts'
import { nextStep } from './status-card/next-step.ts'
import { inputsLine } from './status-card/inputs-line.ts'
import { blockersList, checkpointLine, holderLine, notesList, pullRequestsLine } from './status-card/people-lines.ts'
import { stepsList } from './status-card/steps-list.ts'
import { statusWords } from './status-card/status-words.ts'

export interface StatusCardOptions {
  /** Whether `/claim` works beside `/muster claim` in this project; default true. */
  readonly bare?: boolean
}

/** Markdown without a line break at the end; some 18,000 characters at most. */
export const statusCard = (task: Task, { bare = true }: StatusCardOptions = {}): string =>
  [
    `### ${task.key}: ${statusWords(task)}`,
    parentLine(task),
    holderLine(task),
    workLine(task),
    dueLine(task),
    nextStep(task, bare ? '/' : '/muster '),
    blockersList(task),
    checkpointLine(task),
    acceptanceList(task),
    stepsList(task),
    gatesList(task),
    attemptsTable(task),
    inputsLine(task),
    budgetLines(task),
    pullRequestsLine(task),
    artifactsTable(task),
    evidenceTable(task),
    notesList(task),
    dependencyGraph(task),
  ]
    .filter((part) => part !== null)
    .join('\n\n')
