/**
 * One event in words, for people: what happened, without who and when. Words of others in it are inert and bounded, so that it
 * can be published in a cell of a table.
 */
import type { Costs } from '../budget/reservation.ts'
import { budgetSpan, whoseBudget } from '../budget/whose-budget.ts'
import { renderAmount, renderTokens, renderUsd } from '../text/amounts.ts'
import { canonicalJson } from '../event/canonical-json.ts'
import type { Failure } from '../failure/failure.ts'
import type { TaskEvent, TaskEventData, TaskEventType } from '../task/events.ts'
import { renderFence } from '../task/fence.ts'
import { neutraliseCell, neutraliseLine } from '../text/neutralise.ts'

const LONG = 160
const SHORT = 60
/** Room for every row below; the details of a task can be many. */
const WHOLE = 500

/** A sentence, and a name. */
const said = (text: string): string => neutraliseLine(text, LONG)
const name = (text: string): string => neutraliseLine(text, SHORT)
const sha = (text: string): string => name(text.slice(0, 7))
/** The last moment that has a date. */
const LAST = 8.64e15
const time = (at: number): string => new Date(Math.min(at, LAST)).toISOString().replace(/\.\d+Z$/, 'Z')
const failed = ({ class: kind, code, message }: Failure): string =>
  `${name(kind)}${code === undefined ? '' : ` (${name(code)})`}: ${said(message)}`
const minutes = (ms: number): string => `${Math.round(ms / 6_000) / 10} min`

const spent = ({ microUsd, tokens }: Costs): string => `${renderUsd(microUsd.amount)}, ${renderTokens(tokens.amount)}`

const WORDS: { readonly [Type in TaskEventType]: (data: TaskEventData[Type]) => string } = {
  'task-created': ({ key, title, priority }) => `became the task ${name(key)} (${priority}): ${said(title)}`,
  'title-changed': ({ title }) => `is called ${said(title)}`,
  'priority-set': ({ priority }) => `priority ${priority}`,
  'task-updated': ({ changes }) =>
    `details: ${Object.entries(changes)
      .map(([member, value]) => (value === null ? `no ${member}` : `${member} ${said(canonicalJson(value))}`))
      .join(', ')}`,
  'phase-entered': (data) => `phase ${said(data.name)}`,
  'progress-reported': ({ percent, text }) =>
    `progress${percent === null ? '' : ` ${percent} %`}${text === null ? '' : `: ${said(text)}`}`,
  'next-step-set': ({ text }) => (text === null ? 'no next step' : `next step: ${said(text)}`),
  'attribution-set': ({ attribution: { agent, type } }) =>
    `at work: ${name(agent)}${type === null ? '' : ` (${name(type)})`}`,
  'custom-recorded': (data) => `${name(data.name)}: ${said(canonicalJson(data.data))}`,
  'step-started': ({ step }) => `step ${name(step)} started`,
  'step-finished': ({ step }) => `step ${name(step)} finished`,
  'checkpoint-resolved': ({ decision, note }) =>
    `a person decided: ${decision}${note === null ? '' : `, ${said(note)}`}`,
  'brief-handed-out': ({ attempt }) => `brief handed out to attempt ${attempt}`,
  'task-readied': ({ reason }) => `ready: ${said(reason)}`,
  'task-held': ({ until, reason }) =>
    `waits ${until === null ? 'for other tasks' : `until ${time(until)}`}: ${said(reason)}`,
  'lease-granted': ({ lease }) =>
    `attempt ${lease.attempt} claimed by ${name(lease.owner)}, fence ${renderFence(lease.fence)}, for ${minutes(lease.ttlMs)}`,
  'lease-extended': ({ attempt, ttlMs }) => `lease of attempt ${attempt} prolonged by ${minutes(ttlMs)}`,
  'attempt-started': ({ attempt }) => `attempt ${attempt} started`,
  'attempt-head-moved': ({ attempt, branch, headSha }) =>
    `attempt ${attempt} stands on ${sha(headSha)} of ${name(branch)}`,
  'attempt-succeeded': ({ attempt }) => `attempt ${attempt} succeeded`,
  'attempt-failed': ({ attempt, failure }) => `attempt ${attempt} failed, ${failed(failure)}`,
  'attempt-measured': ({ attempt, measures: { trust, tests, costMicroUsd } }) =>
    [
      `report on attempt ${attempt} (${trust})`,
      ...(tests === null ? [] : [`${tests.failed} of ${tests.total} tests failed`]),
      ...(costMicroUsd === null ? [] : [`$${(costMicroUsd / 1_000_000).toFixed(4)}`]),
    ].join(', '),
  'budget-settled': ({ attempt, costs }) => `attempt ${attempt} cost ${spent(costs)}`,
  'budget-corrected': ({ attempt, costs }) => `attempt ${attempt} cost ${spent(costs)} after all`,
  'budget-overrun': ({ attempt, above }) =>
    `attempt ${attempt} is ${renderUsd(above.microUsd)} and ${renderTokens(above.tokens)} above what was reserved for it`,
  'budget-warned': ({ unit, limit, total, ...book }) =>
    `${renderAmount(unit, total)} of the ${renderAmount(unit, limit)} that ${name(whoseBudget(book))} may spend${budgetSpan(book)} are reserved or spent`,
  'tier-changed': ({ to, reason }) => `tier ${to}: ${said(reason)}`,
  'attempt-canceled': ({ attempt, reason }) => `attempt ${attempt} canceled: ${said(reason)}`,
  'lease-released': ({ attempt, reason }) => `attempt ${attempt} given back: ${said(reason)}`,
  'lease-expired': ({ attempt, started, takenBy }) =>
    takenBy === undefined
      ? `lease of attempt ${attempt} ran out${started ? '' : ' before work had started'}`
      : `${name(takenBy)} took over from the silent holder of attempt ${attempt}`,
  'preemption-asked': ({ attempt, by, until }) =>
    `room of attempt ${attempt} asked for by ${name(by)}, given back at ${time(until)} at the latest`,
  'policy-evaluated': ({ verb, agent, outcome, rules, tool, path }) =>
    `policy says ${outcome} to ${verb}${tool === undefined ? '' : ` ${name(tool)}`}${path === undefined ? '' : ` on ${said(path)}`} by ${name(agent)}${rules.length === 0 ? '' : `: ${said(rules.join(', '))}`}`,
  'gate-opened': ({ gate, needs }) => `gate ${name(gate)} waits for ${needs.approvals} with the ${needs.role} role`,
  'gate-approved': ({ gate, by, role }) => `gate ${name(gate)} approved by ${name(by)} (${role})`,
  'gate-closed': ({ gate, how, reason }) => `gate ${name(gate)} ${how}: ${said(reason)}`,
  'human-needed': ({ reason }) => `a person is needed: ${said(reason)}`,
  'retries-renewed': ({ from }) => `retries count from attempt ${from} on`,
  'blocker-added': ({ blocker: { id, reason } }) => `blocked (${id}): ${said(reason)}`,
  'blocker-resolved': ({ id }) => `blocker ${id} cleared`,
  'evidence-recorded': ({ evidence: { command, exitCode, passed, trust } }) =>
    `${passed ? 'passed' : 'failed'} (${trust}), exit ${exitCode}: ${said(command)}`,
  'artifact-recorded': ({ artifact }) => `${artifact.kind} ${said(artifact.name)}`,
  'tool-invoked': ({ tool, summary, ok, durationMs }) =>
    `${name(tool)} ${ok ? 'worked' : 'failed'}${durationMs === null ? '' : ` in ${durationMs} ms`}: ${said(summary)}`,
  'note-added': ({ note }) => `note: ${said(note.text)}`,
  'dependency-added': ({ on, settled }) => `depends on ${name(on.key)}${settled ? ', which is done' : ''}`,
  'dependency-removed': ({ on }) => `depends no longer on ${name(on.key)}`,
  'dependency-changed': ({ on, onFailure }) => `if ${name(on)} fails: ${onFailure}`,
  'dependency-failed': ({ on, status, policy }) => `${name(on)} is ${status}; what then: ${policy}`,
  'dependency-settled': ({ on }) => `${name(on)} is done`,
  'dependency-reopened': ({ on }) => `${name(on)} is waited for again`,
  'pull-request-linked': ({ pullRequest: { number, state } }) => `pull request ${number} (${state})`,
  'pull-request-changed': ({ pullRequest: { number, state, headSha } }) =>
    `pull request ${number} is ${state} at ${sha(headSha)}`,
  'assignees-changed': ({ assignees }) =>
    assignees.length === 0 ? 'nobody is assigned' : `assigned to ${assignees.map(name).join(', ')}`,
  'milestone-changed': ({ milestone }) =>
    milestone === null ? 'in no milestone' : `in the milestone ${said(milestone.title)}`,
  'task-completed': ({ reason }) => `done: ${said(reason)}`,
  'task-failed': ({ reason }) => `failed: ${said(reason)}`,
  'task-canceled': ({ reason }) => `canceled: ${said(reason)}`,
  'task-reopened': ({ reason }) => `taken up again: ${said(reason)}`,
  'task-moved': ({ from, to }) => `the issue was transferred: ${name(from.key)} is ${name(to.key)} now`,
  'task-moved-away': ({ number, repositoryId }) =>
    `the issue was transferred to where Muster is not: issue ${number} of repository ${repositoryId}`,
  'tampering-found': ({ what, by, detail }) =>
    `${name(what)} was changed by ${by === null ? 'somebody' : name(by.id)} and not believed: ${said(detail)}`,
}

/** A log written by a newer Muster may hold events that have no words here: their name has to do. */
export const renderEvent = (event: Pick<TaskEvent, 'type' | 'data'>): string => {
  if (!Object.hasOwn(WORDS, event.type)) return neutraliseCell(event.type, SHORT)
  // The cast joins what the compiler cannot: the type of an event and the row of that type.
  return neutraliseCell((WORDS[event.type] as (data: unknown) => string)(event.data), WHOLE)
}
