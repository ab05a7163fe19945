/** Who wins when the project's own stream and the ledger on GitHub meet. Pure; a ledger that is not ours to write is never written over. */
import type { Project } from '../../../domain/project/project.ts'
import type { RecordProblem } from '../record/verify-record.ts'
import { compareHeads, type LogHead, type WhoWins } from '../restore/compare-heads.ts'
import { newerEpoch, type DoubtProblem } from '../restore/doubts.ts'
import type { ReadLedger } from './read-ledger.ts'

/** A ledger that we merely cannot read is not ours to write over. */
const UNREADABLE: ReadonlySet<RecordProblem> = new Set(['unknown-key', 'unsupported'])

type ComparedInput = Omit<LogHead, 'epoch'> & { readonly project: Pick<Project, 'epoch'> }

export interface Compared {
  readonly who: WhoWins
  /** What people have to decide; null: nothing, or only time is needed. */
  readonly problem: readonly [problem: DoubtProblem, detail: string] | null
}

export const compareProject = ({ version, head, events, project }: ComparedInput, ledger: ReadLedger): Compared => {
  const unread = ledger.notBelieved.find(({ verdict }) => UNREADABLE.has(verdict.problem))
  if (unread !== undefined) {
    const { problem, detail } = unread.verdict
    const who: WhoWins = { verdict: 'forked', reason: `a page of the ledger cannot be read: ${detail}` }
    return { who, problem: [problem, who.reason] }
  }
  const who = compareHeads({ version, head, events, epoch: project.epoch }, ledger.project?.record ?? null, null)
  switch (who.verdict) {
    case 'forked':
      return { who, problem: ['forked', who.reason] }
    case 'newer-epoch':
      return { who, problem: ['newer-epoch', newerEpoch(who.epoch, project.epoch)] }
    case 'write':
    case 'same':
    case 'import':
      return { who, problem: null }
  }
}
