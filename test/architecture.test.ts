/** The layering of the code, checked on every import. ARCHITECTURE.md says why each rule is there. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

/** What the files of a layer may import of the project. A longer prefix wins over a shorter one. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'app/domain': ['app/domain'],
  'app/engine': ['app/domain', 'app/engine'],
  'app/inbound': ['app/domain', 'app/engine', 'app/inbound', 'schemas'],
  'app/outbound': [
    'app/domain',
    'app/engine/ports.ts',
    'app/engine/effects.ts',
    'app/engine/person-change.ts',
    'app/outbound',
    'schemas',
  ],
  'app/store': ['app/domain', 'app/engine/ports.ts', 'app/store', 'schemas'],
  'app/dashboard': ['app/domain', 'app/engine', 'app/dashboard', 'schemas'],
  'app/sandbox': ['app/sandbox', 'schemas'],
  'action/src': ['action/src', 'schemas', 'app/domain/failure', 'app/domain/text', 'app/domain/assert-never.ts'],
  schemas: ['schemas'],
  // The App is a process to it, like to everybody.
  demo: ['demo', 'app/sandbox', 'schemas', 'scripts/app-process.ts', 'scripts/own-environment.ts'],
  // The rim: these plug everything together, but not even they may reach into the sandbox.
  app: [
    'app/config.ts',
    'app/create-ids.ts',
    'app/compose.ts',
    'app/listen.ts',
    'app/log.ts',
    'app/domain',
    'app/engine',
    'app/inbound',
    'app/outbound',
    'app/store',
    'app/dashboard',
    'schemas',
  ],
}

const files = globSync(['app/**/*.ts', 'action/src/**/*.ts', 'schemas/**/*.ts', 'demo/**/*.ts'], { cwd: ROOT }).sort()

const importsOf = (file: string): readonly string[] => {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"\n]*?(?:\{[^}]*\}[^'"\n]*?)?\bfrom\s+['"]([^'"]+)['"]/g)]
    .concat([...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)])
    .concat([...text.matchAll(/(?:^|\n)import\s+['"]([^'"]+)['"]/g)])
    .map((match) => match[1] ?? '')
}

const inside = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`)

const layerOf = (file: string): string =>
  Object.keys(LAYERS)
    .filter((layer) => inside(file, layer))
    .sort((a, b) => b.length - a.length)[0] ?? ''

describe('layers', () => {
  it('import only what they may', () => {
    const wrong = files.flatMap((file) => {
      const allowed = LAYERS[layerOf(file)] ?? []
      return importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(ROOT, join(ROOT, dirname(file), target)))
        .filter((target) => !allowed.some((prefix) => inside(target, prefix)))
        .map((target) => `${file} → ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('see enough imports for the rule to mean something', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(files.flatMap(importsOf).length).toBeGreaterThan(files.length)
  })

  it('are those that ARCHITECTURE.md draws, each with files that are looked at', () => {
    const [, map = ''] =
      /## Code map[^\n]*\n([\s\S]*?)\n## /.exec(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')) ?? []
    const drawn = [...map.matchAll(/^\| `([\w/]+)`/gm)].map(([, folder]) => folder ?? '')
    expect(drawn).toContain('demo')
    expect(
      drawn.filter((folder) => !files.some((file) => inside(file, folder) && inside(layerOf(file), folder))),
    ).toEqual([])
  })

  it('have no side doors: the domain uses no package, no Node module, no clock, no randomness', () => {
    const impure = files
      .filter((file) => inside(file, 'app/domain'))
      .flatMap((file) => {
        const text = readFileSync(join(ROOT, file), 'utf8')
        const foreign = importsOf(file).filter((target) => !target.startsWith('.'))
        const used = /Date\.now\(|new Date\(\)|Math\.random\(|\bprocess\.\w|\bperformance\.\w|\bcrypto\.\w/.exec(text)
        return [...foreign, ...(used === null ? [] : [used[0]])].map((what) => `${file}: ${what}`)
      })
    expect(impure).toEqual([])
  })

  it('read the environment in one place only', () => {
    const readers = files
      .filter((file) => inside(file, 'app') && !inside(file, 'app/sandbox'))
      .filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('process.env'))
    expect(readers.filter((file) => file !== 'app/config.ts')).toEqual([])
  })
})

describe('files', () => {
  it('stay small: nothing over 400 lines', () => {
    const long = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 400)
    expect(long).toEqual([])
  })
})

describe('tests', () => {
  it('load nock, which takes over the sockets of all files of a worker, in the one place that gives them back', () => {
    const tests = globSync('test/**/*.ts', { cwd: ROOT })
    expect(tests.filter((file) => importsOf(file).includes('nock'))).toEqual(['test/outbound/github/use-nock.ts'])
  })
})
