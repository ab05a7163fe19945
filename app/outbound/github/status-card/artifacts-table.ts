/** What the attempts left behind: links with size and the start of their SHA-256. The whole digests stand on the pull request and in the record. */
import type { Artifact, Task } from '../../../domain/task/state.ts'
import { artifactCells } from '../text/artifact-cells.ts'
import { newestRows } from '../text/rows.ts'

const ROOM = 3_500
const NAME_CHARS = 80

export const artifactsTable = ({ artifacts }: Task): string | null => {
  if (artifacts.length === 0) return null
  const rows = newestRows(artifacts.map(row), ROOM, (left) => `| | | ${left} older artifacts | | |`)
  return ['| # | kind | artifact | size | SHA-256 |', '|--:|---|---|--:|---|', ...rows].join('\n')
}

/** The number is the attempt's, as in the table of attempts. */
const row = (artifact: Artifact): string =>
  `| ${[artifact.attempt ?? '', ...artifactCells(artifact, NAME_CHARS)].join(' | ')} |`
