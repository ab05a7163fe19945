/**
 * What a project's ledger says, as far as it is believed. Should the ledger have been made twice, the pages of all of them count:
 * the newest of each. Reads only, and closes no double.
 */
import { projectStream } from '../../../domain/event/envelope.ts'
import type { Doubt, Noted } from '../../../../schemas/restore-report.ts'
import { readLedger, type ReadLedger } from '../ledger/read-ledger.ts'
import type { RepositoryPlace } from '../ports.ts'
import { doubt } from './doubts.ts'
import { isByOthers, noteOthers } from './by-others.ts'
import { withOwnVersions, type OwnComment } from './own-versions.ts'
import type { RestoreOptions } from './restore-project.ts'

export interface FoundLedger {
  readonly ledger: ReadLedger
  /** Number of the issue that the page of the project stands on. */
  readonly issue: number | null
  readonly doubts: readonly Doubt[]
  readonly notes: readonly Noted[]
}

export const findLedger = async (
  repository: RepositoryPlace,
  { issues, reader, keys, trustedApps }: Pick<RestoreOptions, 'issues' | 'reader' | 'keys' | 'trustedApps'>,
): Promise<FoundLedger> => {
  const project = projectStream(repository.id)
  const found = await issues.find(repository)
  const comments: OwnComment[] = []
  for (const issue of found) {
    comments.push(...(await withOwnVersions(reader, await reader.commentsOf(issue), trustedApps)))
  }
  const ledger = readLedger(comments, { keys, trustedApps })
  if (found.length === 0) {
    const detail = 'no ledger issue was found; every comment of the repository is looked at instead'
    return {
      ledger,
      issue: null,
      doubts: [doubt('ledger', { stream: project, issue: null }, 'no-ledger', detail)],
      notes: [],
    }
  }
  const others = ledger.notBelieved.filter(({ comment }) => isByOthers(comment, trustedApps))
  const ours = ledger.notBelieved.filter(({ comment }) => !isByOthers(comment, trustedApps))
  return {
    ledger,
    issue: ledger.project?.comment.issue.number ?? null,
    doubts: ours.map(({ comment, verdict }) =>
      doubt('ledger', { stream: project, issue: comment.issue.number }, verdict.problem, verdict.detail),
    ),
    notes: others.map(({ comment }) => noteOthers('ledger', comment)),
  }
}
