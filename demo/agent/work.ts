/**
 * One attempt, from claim to push. With failing tests in its brief the agent searches for a repair and opens a pull
 * request; without, it guesses from the prose and only pushes. It never says itself whether it succeeded: CI does.
 */
import { appendFile } from 'node:fs/promises'

import type { AgentEnvironment } from './agent-environment.ts'
import { createGit } from './git.ts'
import { type Brief, createMuster, type Lease, type Muster } from './muster.ts'
import { openPullRequest } from './open-pull-request.ts'
import { guess } from './repair/guess.ts'
import { repair, type Repair } from './repair/repair.ts'
import type { WorkLog } from './work-log.ts'

/** Well below the lease's time to live. */
const HEARTBEAT_MS = 60_000

export async function work(env: AgentEnvironment, log: WorkLog): Promise<void> {
  const muster = createMuster(env)
  const git = createGit(env.workspace)
  const base = await git.head()
  const lease = await muster.claim(base)
  await muster.start(lease)
  const brief = await muster.brief()
  log.read(brief.text)
  log.say(`Attempt ${lease.attempt} on ${env.task}; my brief names ${brief.failing_tests.length} failing tests.`)
  await git.openBranch(brief.branch, base)

  const found = await whileAlive(muster, lease, () => change(env.workspace, brief, lease, log))
  if (found === undefined) {
    await muster.release(lease, 'no change was found that is worth pushing')
    throw new Error('no change was found that is worth pushing')
  }
  const title = titleOf(brief, env.task)
  const message = `${title}\n\nIn ${found.file}, ${found.change}.\n\nMuster-Attempt: ${env.task} #${lease.attempt}\n`
  await git.commitAll(message)
  log.wrote(message)
  await git.push(brief.branch)
  await appendFile(env.outputFile, `branch=${brief.branch}\nattempt=${lease.attempt}\n`)
  log.say(`Pushed ${brief.branch}: in ${found.file}, ${found.change}.`)
  if (!found.checked) {
    log.end('I changed what looked like the cause, but have no test that shows it.')
    return
  }
  const body = `In \`${found.file}\`, ${found.change}.\n\nCloses #${numberOf(env.task)}\n`
  log.wrote(body)
  const pull = await openPullRequest(env, { branch: brief.branch, title, body })
  log.end(`Repaired after ${found.tries} tries; all tests pass here. ${pull}`)
}

/** `checked`: the failing tests failed before the change, and the whole suite passes after it. */
interface Change extends Repair {
  readonly checked: boolean
}

async function change(project: string, brief: Brief, lease: Lease, log: WorkLog): Promise<Change | undefined> {
  const { failing_tests: failing, text } = brief
  if (failing.length > 0) {
    log.say(`I run ${failing.map(({ name }) => `"${name}"`).join(', ')} and look for the edit that makes them pass.`)
    const repaired = await repair(project, failing, log)
    if (repaired !== undefined) return { ...repaired, checked: true }
  }
  const guessed = await guess(project, text, lease.attempt - 1, log)
  return guessed && { ...guessed, checked: false }
}

async function whileAlive<T>(muster: Muster, lease: Lease, act: () => Promise<T>): Promise<T> {
  // A beat that is lost costs nothing: the next one comes in time.
  const beat = setInterval(() => void muster.heartbeat(lease).catch(() => {}), HEARTBEAT_MS)
  try {
    return await act()
  } finally {
    clearInterval(beat)
  }
}

/** The brief begins with `# DEV-12: the title`. */
function titleOf(brief: Brief, task: string): string {
  const title = /^# \S+: (.+)$/m.exec(brief.text)?.[1] ?? ''
  return title === '' ? `Work on ${task}` : `Fix: ${title.slice(0, 100)}`
}

const numberOf = (task: string): string => task.slice(task.lastIndexOf('-') + 1)
