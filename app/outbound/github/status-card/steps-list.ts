/** The steps of a task, in the order they were declared, and how far each one is. */
import type { Task } from '../../../domain/task/state.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'
import { firstRows } from '../text/rows.ts'
import { renderTime } from './status-words.ts'

const ROOM = 2_000
const TITLE_CHARS = 100

export const stepsList = ({ details: { steps = [], stepRuns = [] } }: Task): string | null => {
  if (steps.length === 0) return null
  const rows = steps.map(({ id, title }) => {
    const run = stepRuns.find(({ step }) => step === id)
    const done = run?.finishedAt == null ? '' : `, done ${renderTime(run.finishedAt)}`
    const how = run === undefined ? '' : run.status === 'started' ? ', under way' : done
    return `- [${run?.status === 'finished' ? 'x' : ' '}] ${neutraliseLine(title, TITLE_CHARS)} (${neutraliseLine(id, TITLE_CHARS)}${how})`
  })
  return ['**Steps**', '', ...firstRows(rows, ROOM, (left) => `- and ${left} more`)].join('\n')
}
