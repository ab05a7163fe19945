import { describe, expect, it } from 'vitest'
import { readRunIdentity } from '../../../action/src/inputs/run-identity.ts'
import { findTask } from '../../../action/src/inputs/task-hint.ts'

const NONE = { task: null, attempt: null }

describe('findTask', () => {
  it('takes the workflow before the trailer, and the trailer before the branch', () => {
    const message = 'Fix it\n\nMuster-Attempt: DEV-12#3\n'
    expect(findTask(NONE, message, 'muster/DEV-9-x')).toEqual({
      key: 'DEV-12',
      number: 12,
      attempt: 3,
      source: 'trailer',
    })
    expect(findTask({ task: { key: 'DEV-7', number: 7 }, attempt: null }, message, null)).toEqual({
      key: 'DEV-7',
      number: 7,
      attempt: null,
      source: 'input',
    })
    expect(findTask({ task: { key: null, number: 12 }, attempt: null }, message, null)).toEqual({
      key: 'DEV-12',
      number: 12,
      attempt: 3,
      source: 'input',
    })
    expect(findTask({ task: null, attempt: 5 }, 'x', 'muster/DEV-9-x')).toEqual({
      key: 'DEV-9',
      number: 9,
      attempt: 5,
      source: 'branch',
    })
  })

  it('knows nothing of other branches and malformed trailers', () => {
    const none = { key: null, number: null, attempt: null, source: 'none' }
    expect(findTask(NONE, 'Muster-Attempt: soon', 'main')).toEqual(none)
    expect(findTask(NONE, null, 'muster/DEV-0')).toEqual(none)
    expect(findTask(NONE, null, null)).toEqual(none)
  })

  it('takes the last trailer', () => {
    expect(findTask(NONE, 'Muster-Attempt: A-1#1\nMuster-Attempt: A-1 #2', null).attempt).toBe(2)
  })
})

describe('readRunIdentity', () => {
  const sha = 'a'.repeat(40)
  const other = 'b'.repeat(40)
  const env = {
    GITHUB_REPOSITORY: 'acme/widgets',
    GITHUB_REPOSITORY_ID: '7',
    GITHUB_RUN_ID: '99',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'acme/widgets/.github/workflows/ci.yml@refs/heads/main',
    GITHUB_JOB: 'agent',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SHA: sha,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_NAME: 'main',
  }
  const NO_HEAD = { sha: null, branch: null, message: null }

  it('stands on the commit of the run', () => {
    expect(readRunIdentity(env, null, NO_HEAD)).toEqual({
      repository: 'acme/widgets',
      repositoryId: 7,
      id: 99,
      attempt: 2,
      workflowRef: 'acme/widgets/.github/workflows/ci.yml@refs/heads/main',
      job: 'agent',
      event: 'push',
      headSha: sha,
      headBranch: 'main',
    })
  })

  it("takes a pull request's head, not the merge that was checked out", () => {
    const pull = { ...env, GITHUB_HEAD_REF: 'muster/DEV-1-x', GITHUB_REF_NAME: '4/merge' }
    const event = { pull_request: { head: { sha: other, ref: 'muster/DEV-1-x' } } }
    expect(readRunIdentity(pull, event, { ...NO_HEAD, sha })).toMatchObject({
      headSha: other,
      headBranch: 'muster/DEV-1-x',
    })
  })

  it('takes the commit that the agent made', () => {
    const head = { sha: other, branch: 'muster/DEV-2-y', message: null }
    expect(readRunIdentity(env, null, head)).toMatchObject({ headSha: other, headBranch: 'muster/DEV-2-y' })
  })

  it('says where it has to run', () => {
    expect(() => readRunIdentity({}, null, NO_HEAD)).toThrow(
      'Variable `GITHUB_RUN_ID`: the runner did not set it. Run this as a step of a GitHub Actions workflow.',
    )
    expect(() => readRunIdentity({ ...env, GITHUB_RUN_ID: 'x' }, null, NO_HEAD)).toThrow('it is no number')
    expect(() => readRunIdentity({ GITHUB_RUN_ID: '1' }, null, NO_HEAD)).toThrow('`GITHUB_REPOSITORY`')
  })
})
