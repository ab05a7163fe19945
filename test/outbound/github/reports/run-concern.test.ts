import { describe, expect, it } from 'vitest'
import { findConcern, type PullBase, type StandingRun } from '../../../../app/outbound/github/reports/run-concern.ts'

const T = Date.UTC(2026, 10, 21)
const MINUTE = 60_000
const BRANCH = 'muster/DEV-12-round'
const run = (change: Partial<StandingRun> = {}): StandingRun => ({
  event: 'pull_request',
  headBranch: BRANCH,
  createdAt: T,
  ...change,
})
const pull = (change: Partial<PullBase> = {}): PullBase => ({
  number: 4,
  intoDefault: true,
  openedAt: T - MINUTE,
  closedAt: null,
  ...change,
})

const concern = (
  of: StandingRun,
  pulls: readonly PullBase[] | null = [pull()],
  changes: readonly number[] | null = [],
  onBranch = true,
) => findConcern(of, { onBranch, defaultBranch: 'main' }, { pulls: async () => pulls, changes: async () => changes })

describe('a run of a pull request', () => {
  it('is CI’s word when its base is the default branch, and was when it ran', async () => {
    expect(await concern(run())).toBeNull()
    expect(await concern(run(), [pull()], [T - 10 * MINUTE])).toBeNull()
  })

  it('is not when a base of the author’s own may have brought the workflow file', async () => {
    expect(await concern(run(), [pull({ intoDefault: false })])).toContain('leads elsewhere')
    expect(await concern(run(), [pull(), pull({ number: 5, intoDefault: false })])).toContain('leads elsewhere')
  })

  it('is not when its base was changed back after it ran', async () => {
    expect(await concern(run(), [pull()], [T + 5 * MINUTE])).toContain('another branch')
  })

  it('counts only pull requests that were open then', async () => {
    const closed = pull({ number: 3, intoDefault: false, openedAt: T - 9 * MINUTE, closedAt: T - 5 * MINUTE })
    const later = pull({ number: 6, intoDefault: false, openedAt: T + 5 * MINUTE })
    expect(await concern(run(), [pull(), closed, later])).toBeNull()
    const closedAfter = pull({ number: 3, intoDefault: false, closedAt: T + 5 * MINUTE })
    expect(await concern(run(), [pull(), closedAfter])).toContain('leads elsewhere')
  })

  it('is not when nobody can tell', async () => {
    for (const pulls of [[], null]) expect(await concern(run(), pulls)).not.toBeNull()
    expect(await concern(run(), [pull()], null)).not.toBeNull()
    expect(await concern(run({ headBranch: null }))).not.toBeNull()
  })

  it('is not when it was started for the base: the commit of the branch is not what it looks at', async () => {
    expect(await concern(run({ event: 'pull_request_target' }))).toContain('does not look at the commit')
    expect(await concern(run({ event: 'pull_request_target', headBranch: 'main' }), [], [], false)).not.toBeNull()
  })
})

describe('other runs', () => {
  it('are CI’s word on the branch of the attempt for what looks at its commit', async () => {
    for (const event of ['push', 'workflow_dispatch', 'create']) expect(await concern(run({ event }))).toBeNull()
    for (const event of ['workflow_run', 'issue_comment', 'schedule', 'dynamic', '']) {
      expect(await concern(run({ event }))).toContain('does not look at the commit')
    }
  })

  it('are CI’s word on the default branch', async () => {
    for (const event of ['workflow_dispatch', 'workflow_run', 'repository_dispatch', 'schedule']) {
      expect(await concern(run({ event, headBranch: 'main' }), [], [], false)).toBeNull()
    }
  })

  it('are not on any other branch, whose code anyone may have written', async () => {
    for (const event of ['push', 'workflow_dispatch', 'pull_request']) {
      expect(await concern(run({ event, headBranch: 'topic' }), [pull()], [], false)).toContain('neither')
    }
  })
})
