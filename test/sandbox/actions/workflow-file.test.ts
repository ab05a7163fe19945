import { describe, expect, it } from 'vitest'

import { globToRegExp, isTriggered, type Trigger } from '../../../app/sandbox/actions/match-trigger.ts'
import { dispatchInputs, readWorkflowFile, type WorkflowFile } from '../../../app/sandbox/actions/workflow-file.ts'

const file = (on: string): WorkflowFile => {
  const read = readWorkflowFile(
    `name: CI\non: ${on}\njobs: { test: { runs-on: ubuntu-latest, steps: [{ run: npm test }] } }\n`,
  )
  if (!read) throw new Error('not a workflow')
  return read
}

const push = (branch: string, paths: readonly string[] | null = null): Trigger => ({
  event: 'push',
  action: null,
  branch,
  tag: null,
  paths,
})

describe('reading a workflow file', () => {
  it('takes every way of writing triggers', () => {
    expect(file('push').on).toEqual({ push: {} })
    expect(file('[push, pull_request]').on).toEqual({ push: {}, pull_request: {} })
    expect(file('{ push: { branches: [main] }, workflow_dispatch: }').on).toEqual({
      push: { branches: ['main'] },
      workflow_dispatch: {},
    })
  })

  it('reads jobs, what they need, and what their token may do', () => {
    const read = readWorkflowFile(`
on: push
permissions: { contents: read, pull-requests: write }
jobs:
  test: { name: Unit tests, runs-on: [self-hosted, linux], steps: [] }
  report: { needs: test, if: always(), permissions: write-all, runs-on: ubuntu-latest }
`)
    expect(read?.permissions).toEqual({ metadata: 'read', contents: 'read', pull_requests: 'write' })
    expect(read?.jobs).toMatchObject([
      { key: 'test', name: 'Unit tests', needs: [], labels: ['self-hosted', 'linux'], permissions: undefined },
      { key: 'report', name: 'report', needs: ['test'], if: 'always()', permissions: { checks: 'write' } },
    ])
  })

  it('gives a token that only reads contents when nothing is said', () => {
    expect(file('push').permissions).toEqual({ metadata: 'read', contents: 'read' })
  })

  it('knows the inputs of a dispatch', () => {
    const read = file(
      '{ workflow_dispatch: { inputs: { level: { type: choice, options: [a, b], default: a }, n: { required: true } } } }',
    )
    expect(dispatchInputs(read)).toEqual({
      level: { type: 'choice', required: false, default: 'a', options: ['a', 'b'] },
      n: { type: 'string', required: true, default: undefined, options: [] },
    })
  })

  it.each(['', 'a: [', 'jobs: {}', 'on: push', 'on: push\njobs: 3', '- a'])('takes %j for no workflow', (source) => {
    expect(readWorkflowFile(source)).toBeUndefined()
  })
})

describe('triggers', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['feature/*', 'feature/a', true],
    ['feature/*', 'feature/a/b', false],
    ['feature/**', 'feature/a/b', true],
    ['**/docs/*.md', 'docs/a.md', true],
    ['v[12].x', 'v1.x', true],
    ['a.b', 'axb', false],
  ])('matches the pattern %s against %s: %s', (glob, text, expected) => {
    expect(globToRegExp(glob).test(text)).toBe(expected)
  })

  it('filters branches, later patterns win', () => {
    const filtered = file("{ push: { branches: ['release/**', '!release/old/**'] } }")
    expect(isTriggered(filtered, push('release/1'))).toBe(true)
    expect(isTriggered(filtered, push('release/old/1'))).toBe(false)
    expect(isTriggered(filtered, push('main'))).toBe(false)
    expect(isTriggered(file('{ push: { branches-ignore: [main] } }'), push('main'))).toBe(false)
    expect(isTriggered(file("{ push: { tags: ['v*'] } }"), push('main'))).toBe(false)
    expect(isTriggered(file('{ push: { branches: [main] } }'), { ...push('x'), branch: null, tag: 'v1' })).toBe(false)
  })

  it('filters paths', () => {
    const filtered = file("{ push: { paths: ['src/**'] } }")
    expect(isTriggered(filtered, push('main', ['docs/a.md', 'src/a.js']))).toBe(true)
    expect(isTriggered(filtered, push('main', ['docs/a.md']))).toBe(false)
    expect(isTriggered(file("{ push: { paths-ignore: ['docs/**'] } }"), push('main', ['docs/a.md']))).toBe(false)
  })

  it('runs pull requests on opened, synchronize and reopened unless told otherwise', () => {
    const pull = (action: string): Trigger => ({ ...push('main'), event: 'pull_request', action })
    expect(
      ['opened', 'synchronize', 'reopened', 'labeled', 'closed'].map((one) =>
        isTriggered(file('pull_request'), pull(one)),
      ),
    ).toEqual([true, true, true, false, false])
    expect(isTriggered(file('{ pull_request: { types: [labeled] } }'), pull('labeled'))).toBe(true)
    expect(isTriggered(file('{ pull_request: { branches: [other] } }'), pull('opened'))).toBe(false)
  })

  it('runs a repository dispatch by its type', () => {
    const dispatch = (action: string): Trigger => ({
      ...push('main'),
      branch: null,
      event: 'repository_dispatch',
      action,
    })
    const filtered = file('{ repository_dispatch: { types: [muster-attempt] } }')
    expect(isTriggered(filtered, dispatch('muster-attempt'))).toBe(true)
    expect(isTriggered(filtered, dispatch('other'))).toBe(false)
    expect(isTriggered(file('repository_dispatch'), dispatch('other'))).toBe(true)
  })
})
