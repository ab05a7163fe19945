/** Commands that were run, their exit codes, and who says so. */
import type { Evidence, Task } from '../../../domain/task/state.ts'
import { neutraliseCell } from '../../../domain/text/neutralise.ts'
import { newestRows } from '../text/rows.ts'
import { SAID_BY } from '../text/said-by.ts'

const ROOM = 2_500
const COMMAND_CHARS = 160

export const evidenceTable = ({ evidence }: Task): string | null => {
  if (evidence.length === 0) return null
  const rows = newestRows(evidence.map(row), ROOM, (left) => `| ${left} older rows | | | |`)
  return ['| evidence | exit code | at | said by |', '|---|--:|---|---|', ...rows].join('\n')
}

const row = ({ command, exitCode, passed, attempt, headSha, trust }: Evidence): string => {
  const text = neutraliseCell(command, COMMAND_CHARS).replaceAll('`', '\u02cb')
  const at = [
    ...(attempt === null ? [] : [`attempt ${attempt}`]),
    ...(headSha === null ? [] : [`\`${headSha.slice(0, 7)}\``]),
  ]
  return `| \`${text}\` | ${exitCode} ${passed ? '✅' : '❌'} | ${at.join(', ') || '–'} | ${SAID_BY[trust]} |`
}
