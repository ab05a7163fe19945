/**
 * Bundles the Action into action/dist, the only part of it that a workflow downloads. The same sources give the same
 * bytes. It does not touch git; `--out DIR` writes elsewhere, for comparison.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'

const ROOT = resolve(import.meta.dirname, '..')

/** A bundle below this lacks a package: rolldown only warns of those. */
const MIN_BYTES = 130_000
const MAX_BYTES = 250_000

/** Returns the size of the bundle in bytes. Throws when something is missing from it. */
export const buildAction = async (out: string): Promise<number> => {
  const warnings: string[] = []
  const bundle = await rolldown({
    cwd: ROOT,
    input: join(ROOT, 'action/src/index.ts'),
    platform: 'node',
    // The toolkit brings an HTTP client of 400 KB for OIDC, which nothing here uses: loading it has no effect that is missed.
    treeshake: { moduleSideEffects: false },
    onLog: (level, log) => {
      if (level === 'warn') warnings.push(log.message)
    },
  })
  const { output } = await bundle.write({
    dir: out,
    format: 'esm',
    minify: true,
    sourcemap: false,
    codeSplitting: false,
    entryFileNames: 'index.js',
    comments: { legal: true, annotation: false, jsdoc: false },
  })
  await bundle.close()
  if (warnings.length > 0) throw new Error(`the bundle is not whole: ${warnings.join('\n')}`)
  // Beside the bundle, so that it is an ES module wherever the folder is copied to.
  await writeFile(join(out, 'package.json'), '{ "type": "module" }\n')
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
  await writeFile(join(out, 'LICENSES.txt'), await readLicenses(modules))
  const size = output.reduce((sum, chunk) => sum + (chunk.type === 'chunk' ? Buffer.byteLength(chunk.code) : 0), 0)
  if (size < MIN_BYTES || size > MAX_BYTES)
    throw new Error(`the bundle has ${size} bytes, expected ${MIN_BYTES} to ${MAX_BYTES}`)
  return size
}

/** The licences of the packages whose modules are in the bundle, which travel with every copy. */
const readLicenses = async (modules: readonly string[]): Promise<string> => {
  const folders = modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  const texts = await Promise.all(
    [...new Set(folders)].toSorted().map(async (folder) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
      const { license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { license?: string }
      return `${name}\n\n${file === undefined ? `${license}` : (await readFile(join(folder, file), 'utf8')).trim()}\n`
    }),
  )
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } })
  const out = resolve(values.out ?? join(ROOT, 'action/dist'))
  await rm(out, { recursive: true, force: true })
  const size = await buildAction(out)
  process.stdout.write(`${out}/index.js: ${size} bytes\n`)
}
