/** The commands that only need the store: `rebuild`, `dump`, `backup`. */
import { dumpAt } from '../../engine/dump-at.ts'
import type { Fold, Store } from '../../engine/ports.ts'
import { parseInstant } from '../catalogue/version-range.ts'
import { counted, type CliResult } from './result.ts'

export const rebuildCommand = async ({
  log,
  fold,
}: {
  readonly log: Store['log']
  readonly fold: Fold
}): Promise<CliResult> => {
  const differing = await log.rebuild(fold)
  return {
    exitCode: 0,
    lines: [differing === 0 ? 'Every projection was right.' : `${counted(differing, 'stream')} put right.`],
    json: { differing },
  }
}

/** The same text with and without `--json`: its SHA-256 is what "equal" compares. `at`: as it was then, as ISO 8601; null: as it is. */
export const dumpCommand = async (
  { projections, log }: Pick<Store, 'projections' | 'log'>,
  fold: Fold,
  at: string | null,
): Promise<CliResult> => {
  const time = at === null ? null : parseInstant(at)
  if (at !== null && time === null) {
    const line = 'Say when as a time with its zone: npm run -s dump -- --at 2030-01-31T12:00:00Z'
    return { exitCode: 1, lines: [line], json: { error: line } }
  }
  const dump = time === null ? await projections.dump() : await dumpAt(log, fold, time)
  return { exitCode: 0, lines: [dump], json: JSON.parse(dump) as unknown }
}

/** `path` is a file that does not exist yet. */
export const backupCommand = async (store: Pick<Store, 'backup'>, path: string | undefined): Promise<CliResult> => {
  if (path === undefined || path.trim() === '') {
    const line = 'Say where to: npm run backup -- path/to/copy.sqlite'
    return { exitCode: 1, lines: [line], json: { error: line } }
  }
  await store.backup(path)
  return { exitCode: 0, lines: [`Copied to ${path}.`], json: { path } }
}
