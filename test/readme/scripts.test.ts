/** What the README tells people to type exists, and what runs until it is told to stop hears it. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

it('every npm script that the README names is there', () => {
  const named = [...readme.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name ?? '')
  expect(new Set(named).size).toBeGreaterThan(10)
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

it('a signal to npm reaches Muster itself, and no shell between them', () => {
  const muster = Object.entries(scripts).filter(([, line]) => /\b(?:app|demo)\/|scripts\/dev/.test(line))
  expect(muster.map(([name]) => name)).toEqual(expect.arrayContaining(['start', 'dev', 'sandbox', 'demo', 'flush']))
  expect(muster.filter(([, line]) => !/^(?:\S+=\S+ )?exec node /.test(line))).toEqual([])
})

it('what the demo and the sandbox are good for is said where it is true', () => {
  // A finished task has no button left to click.
  const [, demo = ''] = /npm run demo\n```\n\n([\s\S]*?)\n\n/.exec(readme) ?? []
  expect(demo).toMatch(/`npm run dev`[^.]*`\/claim`[^.]*Retry/)
  for (const flag of ['--app-url', 'MUSTER_PUBLIC_URL']) expect(readme).toContain(flag)
})

it('a flag that the bench does not know is named in one line', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/main.ts', '--bogus'], { cwd: ROOT })
  expect({ status, out: String(stdout) }).toEqual({ status: 2, out: '' })
  expect(String(stderr)).toMatch(/^bench: Unknown option '--bogus'.*--only.*\n$/)
})
