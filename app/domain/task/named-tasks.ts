/** Which task a pull request says it is for: by a closing keyword, by a `Task:` line, or by its branch. Linear in the text. */
import { keyInBranch } from './branch.ts'

export interface NamedTasks {
  /** Issue numbers after a closing keyword. */
  readonly closes: readonly number[]
  /** Task keys from `Task:` lines and the branch, upper case. */
  readonly keys: readonly string[]
}

const CLOSES = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#([1-9]\d{0,9})\b/gi
const TASK_LINE = /^[ \t]*Task:[ \t]*([A-Za-z][A-Za-z0-9]{0,7}-[1-9]\d{0,9})[ \t]*$/gm
/** More than anybody means; the rest is ignored. */
const MAX_NAMED = 20

export const namedTasks = (body: string, branch: string): NamedTasks => {
  const text = body.replaceAll('\r\n', '\n').slice(0, 65_536)
  const byBranch = keyInBranch(branch)
  const keys = [...text.matchAll(TASK_LINE)].map(([, key]) => (key ?? '').toUpperCase())
  return {
    closes: unique([...text.matchAll(CLOSES)].map(([, number]) => Number(number))),
    keys: unique(byBranch === null ? keys : [...keys, byBranch]),
  }
}

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)].slice(0, MAX_NAMED)
