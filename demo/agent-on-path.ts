/** Makes the command `demo-agent`, which the demo's workflow runs where yours runs an agent's own CLI. */
import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, 'agent/main.ts')

/** The folder to put into PATH; it is made inside the given one. */
export async function agentOnPath(folder: string): Promise<string> {
  const bin = await mkdtemp(join(folder, 'bin-'))
  const path = join(bin, 'demo-agent')
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
  await chmod(path, 0o755)
  return bin
}
