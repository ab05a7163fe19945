/** Works out which task and attempt a run is for: what the workflow says, else the head commit's trailer, else its branch. */
import type { Report } from '../../../schemas/report.ts'
import type { Settings } from './settings.ts'

const KEY = String.raw`[A-Z][A-Z0-9]{0,7}-[1-9]\d{0,9}`
/** `Muster-Attempt: DEV-12#3`, or with a space or a slash before the number. */
const TRAILER = new RegExp(String.raw`^Muster-Attempt:[ \t]*(${KEY})[ \t]*[#/][ \t]*([1-9]\d{0,5})[ \t]*$`, 'gim')
const BRANCH = new RegExp(`^muster/(${KEY})(?:-|$)`)

export const findTask = (
  settings: Pick<Settings, 'task' | 'attempt'>,
  commitMessage: string | null,
  branch: string | null,
): Report['task'] => {
  const trailer = [...(commitMessage ?? '').matchAll(TRAILER)].at(-1)
  const trailerKey = trailer?.[1]?.toUpperCase()
  const { task, attempt } = settings
  if (task !== null) {
    const same = trailerKey !== undefined && (task.key === trailerKey || numberOf(trailerKey) === task.number)
    return {
      key: task.key ?? (same ? trailerKey : null),
      number: task.number,
      attempt: attempt ?? (same ? Number(trailer?.[2]) : null),
      source: 'input',
    }
  }
  if (trailerKey !== undefined) {
    return {
      key: trailerKey,
      number: numberOf(trailerKey),
      attempt: attempt ?? Number(trailer?.[2]),
      source: 'trailer',
    }
  }
  const key = BRANCH.exec(branch ?? '')?.[1] ?? null
  return { key, number: key === null ? null : numberOf(key), attempt, source: key === null ? 'none' : 'branch' }
}

/** A key ends in the number of its issue. */
const numberOf = (key: string): number => Number(key.slice(key.lastIndexOf('-') + 1))
