/** Has virtual time stand still while the sandbox waits for git, which runs in processes of its own and in real time. */
import type { ChildProcess, execFile, spawn } from 'node:child_process'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { VirtualTime } from './virtual-time.ts'

type Processes = { execFile: typeof execFile; spawn: typeof spawn }
type Call = (...given: unknown[]) => ChildProcess

/** The answer undoes it. */
export const watchGit = (time: VirtualTime): (() => void) => {
  const processes = createRequire(import.meta.url)('node:child_process') as Processes
  const { execFile, spawn } = processes
  const watched = (...given: unknown[]): ChildProcess => {
    const child = (execFile as unknown as Call)(...given)
    child.once('close', time.hold())
    return child
  }
  /** One that lives on and is asked by lines: from a question to what is said next. */
  const asked = (...given: unknown[]): ChildProcess => {
    const child = (spawn as unknown as Call)(...given)
    const { stdin, stdout } = child
    let release: (() => void) | null = null
    const answered = (): void => {
      release?.()
      release = null
    }
    if (stdin === null || stdout === null) return child
    const write = stdin.write.bind(stdin) as (chunk: unknown) => boolean
    stdin.write = (chunk: unknown): boolean => {
      release ??= time.hold()
      return write(chunk)
    }
    stdout.on('data', answered)
    child.once('close', answered)
    return child
  }
  Object.assign(processes, { execFile: watched, spawn: asked })
  syncBuiltinESMExports()
  return () => {
    Object.assign(processes, { execFile, spawn })
    syncBuiltinESMExports()
  }
}
