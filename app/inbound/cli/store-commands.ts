/** The commands that only need the store: `rebuild`, `dump`, `backup`. */
import type { Fold, Store } from '../../engine/ports.ts'
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

/** The same text with and without `--json`: its SHA-256 is what "equal" compares. */
export const dumpCommand = async ({ projections }: Pick<Store, 'projections'>): Promise<CliResult> => {
  const dump = await projections.dump()
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
