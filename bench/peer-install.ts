/** Installs a package into a folder of the bench's own with npm. No dependency of the project; no script of what is installed runs. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { watched } from './clean-up.ts'

/** The driver that the peer names aborts on Node 24.19 and later, at a garbage collection. This one does not, and is not compiled at its installation. */
const overrides = { 'better-sqlite3': '13.2.0' }

export const install = (dir: string, name: string, version: string): Promise<void> => {
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ private: true, overrides }))
  const child = watched(
    spawn('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', `${name}@${version}`], {
      cwd: dir,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    }),
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${name} could not be installed: npm ended with ${String(code)}`)),
    )
  })
}
