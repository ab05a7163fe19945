/** What the demo's agent can do with the failing tests of its brief, and what it cannot do without, for every bug. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { guess } from '../../demo/agent/repair/guess.ts'
import { repair } from '../../demo/agent/repair/repair.ts'
import { BUGS, bugOfSeed } from '../../demo/bugs/bugs.ts'
import { brokenWidgets, correctWidgets } from '../../demo/bugs/widgets.ts'
import { repairsFromFailingTests } from './repairs-from-failing-tests.ts'
import { failingTests, scratchProject } from './scratch-project.ts'

const unwatched = { read: () => {}, wrote: () => {} }

test('the widgets pass their own tests when nothing is broken', async () => {
  const project = await scratchProject(await correctWidgets())
  expect(await failingTests(project)).toEqual([])
  expect(await repair(project, [{ name: 'splits by weight', file: 'test/money.test.js' }], unwatched)).toBeUndefined()
})

test('there are at least five bugs in as many files, and some seed picks each', () => {
  expect(new Set(BUGS.map(({ file }) => file)).size).toBeGreaterThanOrEqual(5)
  expect(new Set(BUGS.map((_, seed) => bugOfSeed(seed).name)).size).toBe(BUGS.length)
  expect(new Set(BUGS.map(({ caughtBy }) => caughtBy.test)).size).toBe(BUGS.length)
})

describe.each(BUGS)('$name', (bug) => {
  test('is caught by the genuine suite', async () => {
    const project = await scratchProject(await brokenWidgets(bug))
    expect(await failingTests(project)).toContainEqual({ name: bug.caughtBy.test, file: bug.caughtBy.file })
  })

  test('is not repaired by an attempt that knows no failing test', { timeout: 60_000 }, async () => {
    // The first and the second attempt, each with the prose alone: a guess of its own from the same files.
    for (const skip of [0, 1]) {
      const project = await scratchProject(await brokenWidgets(bug))
      expect(await guess(project, `${bug.issue.title}\n${bug.issue.body}`, skip, unwatched)).toBeDefined()
      expect(await repair(project, [], unwatched)).toBeUndefined()
      expect(await failingTests(project)).not.toEqual([])
    }
  })

  test('is not given away by its issue', () => {
    const text = `${bug.issue.title}\n${bug.issue.body}`.toLowerCase()
    expect(text).not.toContain(bug.file)
    expect(text).not.toContain(bug.correct.toLowerCase())
    expect(text).not.toContain(bug.caughtBy.test)
    expect(text).not.toMatch(/[<>=`()]|\btest\b/)
  })
})

/** The full lane repairs every bug; here are those that take the fewest tries, one of each kind of edit. */
const QUICK = new Set([
  'a-cent-too-many',
  'touching-stay-apart',
  'one-place-wasted',
  'one-character-too-many',
  'cut-too-early',
])

test.each(BUGS.filter(({ name }) => QUICK.has(name)))(
  'an attempt that knows the failing tests repairs $name',
  { timeout: 60_000 },
  repairsFromFailingTests,
)

test('the agent imports nothing of the bugs, the sandbox or the product', async () => {
  const root = join(import.meta.dirname, '../../demo/agent')
  const files = await readdir(root, { recursive: true })
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const source = await readFile(join(root, file), 'utf8')
    const imports = Array.from(source.matchAll(/(?:from|import)\s*\(?'([^']+)'/g), ([, from = '']) => from)
    const outside = imports.filter((from) => !from.startsWith('node:') && !isInside(file, from))
    expect({ file, outside }).toEqual({ file, outside: [] })
  }
})

const isInside = (file: string, from: string): boolean =>
  from.startsWith('.') && join('agent', file, '..', from).startsWith('agent/')
