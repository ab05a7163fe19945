/**
 * What an agent is given to start or to resume: the task, what is open, what failed before and why, what others learned.
 * Deterministic, within a budget of tokens, and in whole lines.
 */
import type { BudgetLeft } from '../budget/left.ts'
import { canonicalJson } from '../event/canonical-json.ts'
import type { Finding } from '../project/findings.ts'
import { branchFor } from '../task/branch.ts'
import { renderFence } from '../task/fence.ts'
import type { Task } from '../task/state.ts'
import { statusIs } from '../task/status-words.ts'
import { cut } from '../text/cut.ts'
import { budgetLines } from './budget-lines.ts'
import { failureSections, historyLines } from './attempt-lines.ts'
import { fitBudget, type Section } from './fit-budget.ts'
import { linesOf, oneLineOf } from './lines.ts'
import { dependencyLines, noteLines, standingLines, stepLines } from './work-lines.ts'

/** Tokens as reckon-tokens.ts counts them. The head alone fits into the least. */
export const BRIEF_BUDGET = { least: 500, usual: 8_000, most: 100_000 } as const

const TITLE_CHARS = 200
/** Of a long description the beginning comes before everything else, the rest after it. */
const FIRST_BYTES = 6_000

export interface BriefInput {
  /** Of the issue, as it stands there. */
  readonly body: string
  /** What is known of the tasks that it depends on. */
  readonly dependencies?: readonly Task[]
  /** The most relevant first. */
  readonly findings?: readonly Finding[]
  /** What may still be spent; null, or absent: nothing limits it. */
  readonly money?: BudgetLeft | null
  readonly budgetTokens?: number
}

/**
 * Markdown. Texts from outside are bounded and without secrets of known shapes, but not neutralised: a brief goes to the
 * agent, never back to GitHub as it is.
 */
export const renderBrief = (task: Task, input: BriefInput): string =>
  fitBudget(sections(task, input), Math.max(input.budgetTokens ?? BRIEF_BUDGET.usual, BRIEF_BUDGET.least))

/** The most important first. */
const sections = (
  task: Task,
  { body, dependencies = [], findings = [], money = null }: BriefInput,
): readonly Section[] => [
  { title: null, lines: headLines(task) },
  { title: 'What is asked', lines: linesOf(body), firstBytes: FIRST_BYTES },
  { title: 'A person decided', lines: checkpointLines(task) },
  { title: 'Where the work stands', lines: standingLines(task) },
  { title: 'Blockers', lines: task.blockers.map(({ id, reason }) => `- ${id}: ${oneLineOf(reason)}`) },
  { title: 'Budget left', lines: budgetLines(money) },
  ...failureSections(task),
  { title: 'Input and output', lines: schemaLines(task) },
  { title: 'Accepted when', lines: (task.details.acceptance ?? []).map((text) => `- ${oneLineOf(text)}`) },
  { title: 'Steps', lines: stepLines(task) },
  { title: 'Depends on', lines: dependencyLines(task, dependencies) },
  { title: 'Findings', lines: findings.map(({ kind, text }) => `- ${kind}: ${oneLineOf(text)}`) },
  { title: 'Notes', lines: noteLines(task) },
  { title: 'Earlier attempts', lines: historyLines(task) },
]

const headLines = (task: Task): readonly string[] => {
  const { key, title, status, priority, lease, details } = task
  return [
    `# ${key}: ${oneLineOf(cut(title, TITLE_CHARS))}`,
    '',
    `It ${statusIs(status)}, priority ${priority}${details.tier === undefined ? '' : `, tier ${details.tier}`}. Its branch is ${branchFor(task)}.`,
    ...(lease === null
      ? []
      : [`You are attempt ${lease.attempt} with fence ${renderFence(lease.fence)}; name it in every write.`]),
  ]
}

const checkpointLines = ({ details: { checkpoint } }: Task): readonly string[] =>
  checkpoint === undefined
    ? []
    : [`${oneLineOf(checkpoint.by)}: ${checkpoint.decision}`, ...linesOf(checkpoint.note ?? '')]

const schemaLines = ({ details: { input, outputSchema } }: Task): readonly string[] => [
  ...(input === undefined ? [] : [`- input: ${oneLineOf(canonicalJson(input))}`]),
  ...(outputSchema === undefined
    ? []
    : [`- hand in an output that this JSON Schema allows: ${oneLineOf(outputSchema)}`]),
]
