/** What the attempts left behind: links with the start of their SHA-256 and their size. The whole digests stand in the record. */
import type { Artifact, Task } from '../../../domain/task/state.ts'
import { renderSize } from '../checks/measures-text.ts'
import { newestRows } from './rows.ts'
import { safeLink } from '../safe-link.ts'

const ROOM = 3_500
const SHORT_DIGEST = 12
const NAME_CHARS = 80

export const artifactsTable = ({ artifacts }: Task): string | null => {
  if (artifacts.length === 0) return null
  const rows = newestRows(artifacts.map(row), ROOM, (left) => `| | ${left} older artifacts | | |`)
  return ['| artifact | | SHA-256 | size |', '|---|---|---|--:|', ...rows].join('\n')
}

const row = ({ kind, name, url, attempt, sha256, size }: Artifact): string => {
  const of = attempt === null ? kind : `${kind} of attempt ${attempt}`
  const digest = sha256 === null ? 'not given' : `\`${sha256.slice(0, SHORT_DIGEST)}\``
  return `| ${of} | ${safeLink(name, url, NAME_CHARS)} | ${digest} | ${size === null ? 'not given' : renderSize(size)} |`
}
