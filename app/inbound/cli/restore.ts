/** `npm run restore -- owner/repo`: brings a project back from GitHub and says what came back and what was not believed. */
import type { RestoreReport } from '../../../schemas/restore-report.ts'
import { forgetRestore, isRestoreNoted, noteRestore, type RestoreNote } from '../../engine/finish-restore.ts'
import type { StreamId } from '../../domain/event/envelope.ts'
import type { Documents } from '../../engine/ports.ts'
import { counted, type CliResult } from './result.ts'

export interface RestoreDeps {
  readonly project: StreamId
  /** Reads GitHub and fills the log. */
  readonly restore: () => Promise<RestoreReport>
  readonly documents: Documents
  /** A ULID for this restore. */
  readonly id: string
  readonly installationId: number
}

/** Exit code 1 when anything was lost or may have been: what could be brought back was, all the same. */
export const restoreCommand = async (deps: RestoreDeps): Promise<CliResult> => {
  const { project, restore, documents, id, installationId } = deps
  // Noted before anything is imported: a restore that breaks off half-way must not look like a log that was always there.
  const unfinished = await isRestoreNoted(documents, project)
  await noteRestore(documents, { project, id, epoch: 0, reopen: null, findings: [] })
  const report = await restore()
  const changed = unfinished || report.streams.some(({ outcome }) => outcome === 'imported' || outcome === 'gap')
  if (changed) await noteRestore(documents, noteOf(report, id, installationId))
  else await forgetRestore(documents, project)
  return { exitCode: report.doubts.length === 0 ? 0 : 1, lines: renderReport(report, changed), json: report }
}

const noteOf = (report: RestoreReport, id: string, installationId: number): RestoreNote => ({
  project: report.project,
  id,
  epoch: report.epoch,
  reopen: report.reopen === null ? null : { ...report.reopen, installationId },
  findings: report.doubts.map(({ what, issue, problem, detail }) => ({
    what,
    detail: `${issue === null ? '' : `issue ${issue}: `}${problem}: ${detail}`,
  })),
})

const renderReport = (
  { repository, streams, doubts, notes, epoch }: RestoreReport,
  changed: boolean,
): readonly string[] => {
  const imported = streams.filter(({ outcome }) => outcome === 'imported' || outcome === 'gap')
  const tasks = imported.filter(({ stream }) => stream.startsWith('task/'))
  const left = streams.length - imported.length
  const gaps = imported.filter(({ outcome }) => outcome === 'gap')
  return [
    `${repository}: ${counted(tasks.length, 'task')} brought back${imported.length > tasks.length ? ', and the project' : ''}; ${counted(left, 'stream')} stood already.`,
    ...gaps.map(
      ({ stream, from, rev }) => `  ${stream}: from ${from} to ${rev}, with events in between that are nowhere`,
    ),
    ...(changed
      ? [
          `At the next start the project is paused and goes on in an epoch above ${epoch}: npm run resume -- ${repository}`,
        ]
      : []),
    ...(doubts.length === 0
      ? [`Everything ${notes.length === 0 ? '' : 'of ours that was '}found was believed.`]
      : [`Not believed: ${doubts.length}`]),
    ...doubts.flatMap(({ what, issue, problem, detail, next }) => [
      `  ${what}${issue === null ? '' : ` on issue #${issue}`}: ${problem}: ${detail}`,
      `    next: ${next}`,
    ]),
    ...(notes.length === 0 ? [] : [`Written by others to look like ours, with nothing lost: ${notes.length}`]),
    ...notes.map(({ what, issue, detail }) => `  ${what} on issue #${issue}: ${detail}`),
  ]
}
