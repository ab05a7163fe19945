/** A branch that leaves a commit and comes back to it: what CI found there meanwhile is still known. */
import { expect, it } from 'vitest'
import type { TaskCommand } from '../../../../app/domain/task/commands.ts'
import { constantCheck } from '../../../../app/outbound/github/checks/constant-check.ts'
import { reportCommand } from '../../../../app/outbound/github/reports/report-command.ts'
import type { Report } from '../../../../schemas/report.ts'
import { RUNNING, given } from '../../../domain/given.ts'
import { anAttempt } from '../task-fixture.ts'
import { aReport } from './report-fixture.ts'

const OLD = 'b'.repeat(40)
const NEW = 'c'.repeat(40)
const at = (headSha: string) => ({ number: 4, branch: 'muster/DEV-12-x', headSha, state: 'open' as const })
const moved = (headSha: string): TaskCommand => ({
  type: 'observe-head',
  branch: 'muster/DEV-12-x',
  headSha,
  attempt: 1,
})

const progressAfter = (report: Report, headSha: string) => {
  const run = { id: 900, attempt: 1, url: 'https://github.test/runs/900', headSha: OLD, conclusion: 'success' }
  const late = reportCommand(report, {
    trust: 'ci',
    attempt: anAttempt({ headSha: NEW }),
    source: 'ci.yml / test',
    onBranch: true,
    stale: true,
    left: true,
    decides: false,
    run,
    artifactUrl: 'https://github.test/runs/900/artifacts/1',
    files: new Map(),
  })
  const { task } = given(...RUNNING, [moved(OLD)], [moved(NEW)], [late], [moved(headSha)])
  if (task === null) throw new Error('no task')
  return constantCheck(task, at(headSha)).progress
}

it('holds for the commit when the branch is there again, and for no other', () => {
  const tests = { total: 3, failed: 1, errors: 0, skipped: 0, flaky: 0, failures: [] }
  expect(progressAfter(aReport(), OLD)).toMatchObject({ conclusion: 'success' })
  expect(progressAfter(aReport({ tests }), OLD)).toMatchObject({ conclusion: 'action_required' })
  expect(progressAfter(aReport(), NEW)).toEqual({ status: 'in_progress' })
})
