/**
 * One long-lived `git cat-file --batch` per repository: most of what the sandbox asks of git is "what is this object",
 * and a process for each question was most of the time of a push. It reads refs and objects anew for every question.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

import { gitEnvironment, GitFault, gitMissing } from './git-process.ts'

export type GitObject = { readonly sha: string; readonly type: string; readonly content: Buffer }

export type ObjectReader = {
  /** Objects by any name git can resolve (`main:src/a.js`), in order; undefined for those that are not there. */
  readonly read: (names: readonly string[]) => Promise<ReadonlyArray<GitObject | undefined>>
  /** Ends the process; the next read starts another. */
  readonly close: () => void
}

type Waiting = {
  readonly name: string
  readonly resolve: (object: GitObject | undefined) => void
  readonly reject: (fault: Error) => void
}

const NEWLINE = 10

/** Takes answers out of the stream as they become whole: a header line, and for a found object its bytes and a newline. */
const createAnswerParser = (answered: (object: GitObject | undefined) => void) => {
  let buffered: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): void => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk])
    for (;;) {
      const end = buffered.indexOf(NEWLINE)
      if (end === -1) return
      const header = /^([0-9a-f]{40}) (\w+) (\d+)$/.exec(buffered.toString('utf8', 0, end))
      const size = header === null ? -1 : Number(header[3])
      const after = end + 1 + size + 1
      if (buffered.length < after) return
      // A copy: the stream's buffer is reused and may be large.
      const content = header && Buffer.from(buffered.subarray(end + 1, end + 1 + size))
      buffered = buffered.subarray(after)
      answered(header && content ? { sha: header[1] ?? '', type: header[2] ?? '', content } : undefined)
    }
  }
}

export const createObjectReader = (dir: string): ObjectReader => {
  let child: ChildProcessByStdio<Writable, Readable, null> | undefined
  let waiting: Waiting[] = []

  const end = (fault: Error): void => {
    const left = waiting
    child = undefined
    waiting = []
    for (const { reject } of left) reject(fault)
  }

  /** Some names make git give up (`HEAD@{1}` without a log): that one is not there, the others are asked again. */
  const giveUpFirst = (): void => {
    child = undefined
    waiting.shift()?.resolve(undefined)
    if (waiting.length > 0) start().write(waiting.map(({ name }) => `${name}\n`).join(''))
  }

  const start = (): Writable => {
    const started = spawn('git', ['--git-dir', dir, 'cat-file', '--batch'], {
      env: gitEnvironment(),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const isCurrent = (): boolean => child === started
    started.on('error', (cause) => isCurrent() && end(gitMissing(cause)))
    started.on('close', () => isCurrent() && giveUpFirst())
    started.stdin.on('error', () => undefined)
    started.stdout.on(
      'data',
      createAnswerParser((object) => waiting.shift()?.resolve(object)),
    )
    child = started
    return started.stdin
  }

  const readOne = (name: string): Promise<GitObject | undefined> =>
    new Promise((resolve, reject) => {
      // A name with a line break in it would be two questions.
      if (name === '' || /[\n\r\0]/.test(name)) {
        resolve(undefined)
        return
      }
      waiting.push({ name, resolve, reject })
      const input = child?.stdin ?? start()
      input.write(`${name}\n`)
    })

  return {
    read: (names) => Promise.all(names.map(readOne)),
    close: () => {
      const ending = child
      end(new GitFault('git-failed', 'the repository was closed'))
      ending?.stdin.end()
    },
  }
}
