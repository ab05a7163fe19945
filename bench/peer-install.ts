/** Installs a package into a folder of the bench's own, as its users would: with npm, its build step allowed. No dependency of the project. */
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { watched } from './clean-up.ts'

/** The peer's driver: the version that it names aborts on Node 24.19 and later, at a garbage collection; this one does not. */
const DRIVER = 'better-sqlite3'
const overrides = { [DRIVER]: '13.2.0' }

export const install = (dir: string, name: string, version: string): Promise<void> => {
  const root = dirname(dirname(process.execPath))
  // A Node that brings its headers needs no others to be fetched for what is compiled.
  const headers = existsSync(join(root, 'include', 'node')) ? { npm_config_nodedir: root } : {}
  writeFileSync(
    join(dir, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { [DRIVER]: true }, overrides }),
  )
  const child = watched(
    spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`], {
      cwd: dir,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, ...headers },
    }),
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${name} could not be installed: npm ended with ${String(code)}`)),
    )
  })
}
