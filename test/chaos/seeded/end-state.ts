/** What a run is held against in the end: the equivalence of stories, and what must hold of GitHub by itself. */
import { canonicalJson, type Json } from '../../../app/domain/event/canonical-json.ts'
import { checkRunsOf } from '../../../app/sandbox/model/check.ts'
import type { Sandbox } from '../../../app/sandbox/sandbox.ts'
import { equivalence } from '../../stories/equivalence.ts'
import type { Play } from '../../stories/play.ts'
import type { App } from './life.ts'
import { FOUGHT, PAIRS, QUOTED } from './scenario.ts'

export interface EndState {
  /** One text per task, and one for the check run that sums up a pull request. */
  readonly parts: Readonly<Record<string, string>>
  /** The lines by which we explained to people what we put back, by task. */
  readonly lines: Readonly<Record<string, readonly string[]>>
  /** What is wrong whatever the run without faults says. */
  readonly wrong: readonly string[]
}

type Members = Readonly<Record<string, Json>>

export const endState = async (sandbox: Sandbox, app: App): Promise<EndState> => {
  const { tasks, threads, checks } = (await equivalence({ sandbox, app } as unknown as Play)) as unknown as {
    readonly tasks: Readonly<Record<string, Members>>
    readonly threads: Readonly<Record<string, Members>>
    readonly checks: readonly string[]
  }
  const ofTask = (key: string): readonly string[] => checks.filter((check) => check.includes(`/ ${key} #`))
  const parts: Record<string, string> = {
    pulls: plain(
      sandbox,
      checks.filter((check) => !check.includes('/ DEV-')),
    ),
  }
  const lines: Record<string, readonly string[]> = {}
  const wrong: string[] = []
  for (const [key, task] of Object.entries(tasks)) {
    const { lines: told, ...thread } = threads[key] ?? {}
    const number = Number(key.split('-')[1])
    // What a bot says depends on what it found to quote.
    if (number === FOUGHT) {
      wrong.push(...wrongWhereFought(task, thread))
      continue
    }
    const isOfBots = number === QUOTED
    if (!isOfBots) lines[key] = (told ?? []) as readonly string[]
    const people = isOfBots
      ? { ...thread, said: saidIn(thread).filter(({ by }) => !by.endsWith('[bot]')) as unknown as Json }
      : thread
    // Which of a pair was said first is the same for all but the turned run, and no part of the end.
    const said = saidIn(people).toSorted((a, b) => (a.body < b.body ? -1 : 1)) as unknown as Json
    parts[key] = plain(sandbox, {
      task: withoutNumbers(task),
      thread: number in PAIRS ? { ...people, said } : people,
      checks: ofTask(key),
    })
  }
  return { parts, lines, wrong: [...wrong, ...wrongOnGitHub(sandbox), ...(await wrongInStore(app))] }
}

/** Whether it comes to the point where a person is asked depends on how often the bot could strike; that all is well in the end does not. */
const wrongWhereFought = ({ status }: Members, { labels, records }: Members): readonly string[] => {
  const isRight =
    (status === 'ready' || status === 'needs_human') &&
    records === 1 &&
    canonicalJson(labels ?? []) === canonicalJson(['priority/p2', `status/${status}`])
  return isRight ? [] : [`the bot has won: ${canonicalJson({ status, labels: labels ?? [], records: records ?? 0 })}`]
}

/** Issues that the App makes take numbers too, sooner or later. */
const withoutNumbers = (task: Members): Members => ({
  ...task,
  pullRequests: ((task['pullRequests'] ?? []) as Members[]).map(({ number: _, url: __, ...pull }) => pull),
})

interface Said {
  readonly by: string
  readonly body: string
}

const saidIn = (thread: Members): readonly Said[] => (thread['said'] ?? []) as unknown as readonly Said[]

const plain = (sandbox: Sandbox, value: Json): string =>
  canonicalJson(value)
    .replaceAll(sandbox.url, 'http://github')
    .replaceAll(/\/pull\/\d+/g, '/pull/#')

const twice = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
]

const wrongOnGitHub = ({ state, seed, log }: Sandbox): readonly string[] => {
  const wrong: string[] = []
  const numberOf = (issueId: number): string => `#${state.issues.get(issueId)?.number ?? '?'}`
  const ours = state.comments.where(({ appId }) => appId === seed.muster.id)
  const marks = (mark: RegExp) =>
    ours.flatMap(({ body, issueId }) => [...body.matchAll(mark)].map(([found]) => `${numberOf(issueId)} ${found}`))
  for (const double of twice(marks(/<!-- muster:record v\d/g))) wrong.push(`two records: ${double}`)
  for (const double of twice(marks(/<!-- muster:reply \S+/g))) wrong.push(`two replies: ${double}`)
  for (const double of twice(marks(/<!-- muster:pull \S+/g))) wrong.push(`two comments on a pull request: ${double}`)
  const ledgers = state.issues.where(
    ({ authorId, title, state: is }) => authorId === seed.muster.botId && /ledger/i.test(title) && is === 'open',
  )
  if (ledgers.length !== 1) wrong.push(`${ledgers.length} ledger issues are open`)
  const checks = checkRunsOf(state).where(({ appId, name }) => appId === seed.muster.id && name !== 'muster (double)')
  for (const double of twice(checks.map(({ name, headSha }) => `${name} @ ${headSha}`)))
    wrong.push(`two check runs: ${double}`)
  for (const { name, annotations } of checks) {
    for (const double of twice(annotations.map((one) => JSON.stringify(one))))
      wrong.push(`${name}: annotation twice: ${double}`)
  }
  for (const { number, labelIds } of state.issues.all()) {
    const names = labelIds.map((id) => state.labels.get(id)?.name ?? '')
    for (const family of ['status/', 'priority/']) {
      const worn = names.filter((name) => name.startsWith(family))
      if (worn.length > 1) wrong.push(`#${number} wears ${worn.join(' and ')}`)
    }
  }
  for (const what of log.unsupported) wrong.push(`the sandbox does not know ${JSON.stringify(what)}`)
  for (const what of log.violations) wrong.push(`against GitHub's description: ${JSON.stringify(what)}`)
  return wrong
}

/** A command that was carried out twice, and deliveries that were given up. */
const wrongInStore = async ({ store }: App): Promise<readonly string[]> => {
  const wrong: string[] = []
  const [project] = await store.projections.projects()
  for (const { stream } of project === undefined ? [] : await store.projections.tasks(project.stream)) {
    const events = await store.log.read(stream)
    // All events of one command have its cause and follow each other.
    const causes = events.map(({ cause }) => cause).filter((cause, at, all) => cause !== all[at - 1])
    for (const double of twice(causes)) wrong.push(`${stream}: carried out twice: ${double}`)
  }
  return wrong
}
