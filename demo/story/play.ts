/**
 * The story, as people and processes play it: an issue becomes a task, an agent fails it, the failure shows, `/retry`, the
 * agent repairs it, the pull request is merged. It only asks and looks; everything that happens is done by the App, the
 * runner and the agent.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { jobsOf, runsOf } from '../../app/sandbox/model/workflow.ts'
import type { Bug } from '../bugs/bugs.ts'
import { brokenWidgets } from '../bugs/widgets.ts'
import { REPOSITORY, type Stage } from '../stage.ts'
import type { Narrator } from './narrator.ts'
import { readScene, type Scene } from './outcome.ts'
import { createPerson, type Person } from './person.ts'
import { putFiles } from './put-files.ts'
import { waitFor } from './wait-for.ts'

const WORKFLOWS = join(import.meta.dirname, '../scratch/workflows')
/** A run with its two jobs; the second attempt may try some hundred edits. */
const RUN_MS = 300_000
const LOG_TAIL = 800

export interface Story {
  readonly stage: Stage
  readonly bug: Bug
  readonly tell: Narrator
}

/** The issue's number. */
export async function play(story: Story): Promise<number> {
  const { stage, bug, tell } = story
  const { sandbox } = stage
  const [alice, bob] = (['alice', 'bob'] as const).map((login) =>
    createPerson(sandbox.url, REPOSITORY, login, sandbox.tokens[login]),
  ) as [Person, Person]

  tell.busy('alice pushes the widgets, with a bug in them')
  await putFiles({
    remote: `${sandbox.url}/${REPOSITORY}.git`,
    login: 'alice',
    token: sandbox.tokens.alice,
    files: {
      ...(await brokenWidgets(bug)),
      '.github/workflows/agent.yml': await readFile(join(WORKFLOWS, 'agent.yml'), 'utf8'),
    },
    remove: ['.github/workflows/ci.yml'],
    message: 'Release 1.4.0',
  })
  const issue = await alice.openIssue(bug.issue.title, bug.issue.body)
  const thread = `${sandbox.url}/${REPOSITORY}/issues/${issue}`
  tell.good(`alice opened #${issue}: ${bug.issue.title}`, thread)

  await alice.comment(issue, '/task\n/ready')
  await waitForLabel(story, alice, issue, 'status/ready')
  const key = (await readScene(alice, issue, sandbox.log.counts())).outcome.task.key
  tell.good(`alice wrote /task and /ready: it is ${key} now, with labels and a status card`)
  await stage.openRunner(({ job, name }) => tell.busy(`${key} · job ${job}: ${name}`))

  await runAgent(story, alice, issue, key, 1)
  await waitForLabel(story, alice, issue, 'failure/test_fail')
  await tellFailure(story, alice, issue)
  await alice.comment(issue, '/retry')
  await waitForLabel(story, alice, issue, 'status/ready')
  tell.good('alice wrote /retry; the next brief names the failing tests')

  await runAgent(story, alice, issue, key, 2)
  await waitForLabel(story, alice, issue, 'status/review')
  const pull = await tellSuccess(story, alice, issue)
  await bob.merge(pull)
  await waitForLabel(story, alice, issue, 'status/done')
  tell.good(`bob merged #${pull}: ${key} is done`)
  return issue
}

async function runAgent({ stage, tell }: Story, alice: Person, issue: number, key: string, n: number): Promise<void> {
  tell.heading(`Attempt ${n}`)
  const id = await alice.dispatch('agent.yml', { task: key })
  const url = `${stage.sandbox.url}/${REPOSITORY}/actions/runs/${id}`
  tell.good('alice started the workflow "Agent"', url)
  const run = () => runsOf(stage.sandbox.state).get(id)
  await waitFor({
    what: `the end of run ${id}, attempt ${n} of #${issue}`,
    look: async () => (run()?.status === 'completed' ? true : undefined),
    seen: () => `status ${run()?.status}`,
    where: url,
    timeoutMs: RUN_MS,
  })
  const agent = jobsOf(stage.sandbox.state).find((job) => job.runId === id && job.key === 'agent')
  if (agent?.conclusion !== 'success')
    throw new Error(
      `The agent's job ended with ${agent?.conclusion}: ${agent?.log.trimEnd().slice(-LOG_TAIL)}\nLook at ${url}`,
    )
}

async function waitForLabel({ stage, tell }: Story, person: Person, issue: number, label: string): Promise<void> {
  let labels: readonly string[] = []
  tell.busy(`waiting for the label ${label}`)
  await waitFor({
    what: `the label ${label} on #${issue}`,
    async look() {
      const answer = await person.read<{ labels: readonly { name: string }[] }>(`/issues/${issue}`)
      labels = answer.labels.map(({ name }) => name)
      return labels.includes(label) ? true : undefined
    },
    seen: () => `the labels ${labels.join(', ') || '(none)'}`,
    where: `${stage.sandbox.url}/${REPOSITORY}/issues/${issue} and ${stage.logFile}`,
  })
}

/** Waits until the attempt's check run has ended, and reads what is there then. */
async function waitForCheck({ stage, tell }: Story, person: Person, issue: number, n: number): Promise<Scene> {
  let scene: Scene | undefined
  tell.busy(`waiting for the check run of attempt ${n}`)
  const check = () => scene?.outcome.check_runs.find(({ name }) => name.endsWith(` #${n}`))
  return waitFor({
    what: `the conclusion of attempt ${n}'s check run`,
    async look() {
      scene = await readScene(person, issue, stage.sandbox.log.counts())
      return check()?.conclusion === null || check() === undefined ? undefined : scene
    },
    seen: () => `status ${check()?.status ?? 'missing'}`,
    where: `${stage.sandbox.url}/${REPOSITORY}/issues/${issue} and ${stage.logFile}`,
  })
}

async function tellFailure(story: Story, alice: Person, issue: number): Promise<void> {
  const { outcome } = await waitForCheck(story, alice, issue, 1)
  const check = outcome.check_runs.find(({ name }) => name.endsWith(' #1'))
  story.tell.bad(`attempt 1 failed: ${outcome.task.attempts[0]?.failure}, ${figures(outcome, 1)}`, check?.url)
  const annotations = await alice.read<readonly { path: string; start_line: number; title: string | null }[]>(
    `/check-runs/${check?.id}/annotations`,
  )
  for (const { path, start_line: line, title } of annotations) story.tell.detail(`${path}:${line}  ${title ?? ''}`)
}

async function tellSuccess(story: Story, alice: Person, issue: number): Promise<number> {
  const { outcome, pull } = await waitForCheck(story, alice, issue, 2)
  if (pull === null) throw new Error(`Attempt 2 ended without a pull request; see #${issue} and its run's log.`)
  story.tell.good(`attempt 2 succeeded: ${figures(outcome, 2)}`)
  story.tell.good(`the agent opened #${pull.number}; its checks link log and benchmarks`, pull.url)
  return pull.number
}

function figures({ task }: Scene['outcome'], n: number): string {
  const attempt = task.attempts[n - 1]
  return `${attempt?.tokens?.toLocaleString('en') ?? '?'} tokens, $${attempt?.cost_usd?.toFixed(4) ?? '?'}`
}
