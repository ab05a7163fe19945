/** What a bench must not leave behind, however it ends: its processes and its folders. A kill that the bench cannot hear is met by end-with-bench.ts. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** For a process that closes what it has opened itself; the demo does so for its App and its sandbox. */
const GRACE_MS = 10_000

const children = new Set<ChildProcess>()
const folders = new Set<string>()

/** The same child, ended with the bench. */
export const watched = <Child extends ChildProcess>(child: Child): Child => {
  children.add(child)
  child.once('exit', () => children.delete(child))
  child.once('error', () => children.delete(child))
  return child
}

export const makeFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  folders.add(dir)
  return dir
}

export const removeFolder = (dir: string): void => {
  rmSync(dir, { recursive: true, force: true })
  folders.delete(dir)
}

/** A folder for as long as the body runs. */
export const inFolder = async <Result>(body: (dir: string) => Promise<Result>): Promise<Result> => {
  const dir = makeFolder()
  try {
    return await body(dir)
  } finally {
    removeFolder(dir)
  }
}

/** Resolves when nothing is left. */
export const cleanUp = async (): Promise<void> => {
  await Promise.all([...children].map(ended))
  for (const dir of folders) removeFolder(dir)
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    child.once('exit', () => {
      clearTimeout(hard)
      resolve()
    })
    child.kill('SIGTERM')
  })
