/** The branch that all attempts of a task share: `muster/DEV-12-sum-is-wrong`. The key in it ties pushes and runs to the task. */
import type { Task } from './state.ts'

const MAX_SLUG = 40

export const branchFor = (task: Pick<Task, 'key' | 'title'>): string => {
  const slug = task.title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replaceAll(/^-+|-+$/g, '')
  return `muster/${task.key}${slug === '' ? '' : `-${slug}`}`
}

/** The task key in a branch name, or null. */
export const keyInBranch = (branch: string): string | null =>
  /^(?:refs\/heads\/)?muster\/([A-Z][A-Z0-9]{0,7}-[1-9]\d{0,9})(?:-|$)/.exec(branch)?.[1] ?? null

/** The attempt that a commit says it belongs to, by its trailer `Muster-Attempt: DEV-12#3`; null when it says none of this task. */
export const attemptInTrailer = (message: string, key: string): number | null => {
  const trailers = message
    .slice(-4_000)
    .matchAll(/^Muster-Attempt:[ \t]*([A-Za-z0-9-]{3,20})[ \t]*[#/][ \t]*([1-9]\d{0,5})[ \t]*$/gim)
  const last = [...trailers].at(-1)
  return last?.[1]?.toUpperCase() === key ? Number(last[2]) : null
}
