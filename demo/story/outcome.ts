/** What is to be seen on GitHub of the played task, and what it cost in requests. It reads; it does not judge. */
import type { RequestCounts } from '../../app/sandbox/http/request-log.ts'
import { taskStateSchema } from '../../schemas/task-state.ts'
import { recordSchema } from '../../schemas/record.ts'
import type { Person } from './person.ts'

export interface AttemptOutcome {
  readonly n: number
  readonly status: string
  readonly failure: string | null
  readonly cost_usd: number | null
  readonly tokens: number | null
  /** Of its check run. */
  readonly conclusion: string | null
}

export interface CheckOutcome {
  readonly id: number
  readonly name: string
  readonly sha: string
  readonly status: string
  readonly conclusion: string | null
  readonly annotations: number
  readonly url: string
}

export interface Outcome {
  readonly task: { readonly key: string; readonly status: string; readonly attempts: readonly AttemptOutcome[] }
  readonly labels: readonly string[]
  readonly check_runs: readonly CheckOutcome[]
  readonly requests: {
    /** Of the App and the Action together. */
    readonly total: number
    readonly app: number
    readonly action: number
    readonly by_route: Readonly<Record<string, number>>
  }
}

/** What is there besides the promised line, for judging. */
export interface Scene {
  readonly outcome: Outcome
  /** Comments of the issue with a record in them. */
  readonly records: number
  readonly pull: {
    readonly number: number
    readonly merged: boolean
    readonly headSha: string
    readonly url: string
  } | null
}

const RECORD = /<!-- muster:record v1 [^{]*(\{.*\}) -->/

interface GitHubCheck {
  readonly id: number
  readonly name: string
  readonly head_sha: string
  readonly status: string
  readonly conclusion: string | null
  readonly html_url: string
  readonly output: { readonly annotations_count: number }
}

export async function readScene(person: Person, issue: number, counts: RequestCounts): Promise<Scene> {
  const { labels } = await person.read<{ labels: readonly { name: string }[] }>(`/issues/${issue}`)
  const comments = await person.read<readonly { body: string }[]>(`/issues/${issue}/comments?per_page=100`)
  const records = comments.flatMap(({ body }) => RECORD.exec(body)?.[1] ?? [])
  const task = records[0] === undefined ? null : taskOf(records[0])
  const pull = await findPull(person, issue)
  const shas = new Set([
    ...(task?.attempts ?? []).flatMap(({ headSha, baseSha }) => headSha ?? baseSha ?? []),
    ...(pull ? [pull.headSha] : []),
  ])
  const checks = (await Promise.all([...shas].map((sha) => checksOf(person, sha)))).flat()
  const attempts = (task?.attempts ?? []).map((attempt) => ({
    n: attempt.n,
    status: attempt.status,
    failure: attempt.failure?.class ?? null,
    cost_usd: attempt.costMicroUsd === null ? null : attempt.costMicroUsd / 1e6,
    tokens: attempt.tokens?.total ?? null,
    conclusion: checks.find(({ name }) => name === `muster / ${task?.key} #${attempt.n}`)?.conclusion ?? null,
  }))
  const outcome = {
    task: { key: task?.key ?? '', status: task?.status ?? '', attempts },
    labels: labels.map(({ name }) => name).sort(),
    check_runs: checks,
    requests: requestsOf(counts),
  }
  return { outcome, records: records.length, pull }
}

function taskOf(json: string) {
  const record = recordSchema.safeParse(JSON.parse(json))
  const task = taskStateSchema.safeParse(record.data?.snapshot)
  return task.data ?? null
}

async function findPull(person: Person, issue: number): Promise<Scene['pull']> {
  const pulls = await person.read<
    readonly {
      number: number
      body: string | null
      merged_at: string | null
      html_url: string
      head: { sha: string }
    }[]
  >('/pulls?state=all')
  const pull = pulls.find(({ body }) => body?.includes(`Closes #${issue}`))
  if (pull === undefined) return null
  return { number: pull.number, merged: pull.merged_at !== null, headSha: pull.head.sha, url: pull.html_url }
}

async function checksOf(person: Person, sha: string): Promise<readonly CheckOutcome[]> {
  const { check_runs: checks } = await person.read<{ check_runs: readonly GitHubCheck[] }>(
    `/commits/${sha}/check-runs?filter=all&per_page=100`,
  )
  return checks
    .filter(({ name }) => name === 'muster' || name.startsWith('muster / '))
    .map(({ id, name, status, conclusion, output, html_url: url }) => ({
      id,
      name,
      sha,
      status,
      conclusion,
      annotations: output.annotations_count,
      url,
    }))
}

export function requestsOf({ by_actor: actors, by_route: routes }: RequestCounts): Outcome['requests'] {
  const byRoute: Record<string, number> = {}
  for (const actor of ['app', 'action']) {
    for (const [route, count] of Object.entries(routes[actor] ?? {})) byRoute[route] = (byRoute[route] ?? 0) + count
  }
  return { total: actors.app + actors.action, app: actors.app, action: actors.action, by_route: byRoute }
}
