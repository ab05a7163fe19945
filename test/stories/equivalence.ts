/**
 * When two lives of the same tasks count as one: equal after leaving out ids, times and hashes, and the order in which events
 * of different causes came, the sign of a slow answer, and the check runs of commits that were passed over. Who won a real race is left out by not racing: a story that races compares what it may.
 */
import { canonicalJson, type Json } from '../../app/domain/event/canonical-json.ts'
import type { Task } from '../../app/domain/task/state.ts'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import { nodeId } from '../../app/sandbox/model/ids.ts'
import type { Play } from './play.ts'

/** Members that are times, or places that count ids up. Whether there is one still counts. */
const VARYING: ReadonlySet<string> = new Set([
  'statusSince',
  'openedAt',
  'startedAt',
  'endedAt',
  'grantedAt',
  'expiresAt',
  'until',
  'at',
  'createdAt',
  'since',
  'durationMs',
])

/** Lists that are sets of what different causes left; attempts are no set, their numbers are their order. */
const SETS: ReadonlySet<string> = new Set([
  'notes',
  'evidence',
  'artifacts',
  'blockers',
  'dependsOn',
  'waitsFor',
  'pullRequests',
])

const HASH = /\b[0-9a-f]{40}\b|\b[0-9a-f]{64}\b/g

const essenceOf = (value: Json, member = ''): Json => {
  if (VARYING.has(member)) return value === null ? null : '…'
  if (typeof value === 'string') return value.replaceAll(HASH, '#')
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => essenceOf(item))
    return SETS.has(member) ? items.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)) : items
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([key]) => !(member === 'blocker' && key === 'id'))
  return Object.fromEntries(members.map(([key, inner]) => [key, essenceOf(inner ?? null, key)]))
}

/** What of a task's state counts. */
export const essenceOfTask = (task: Task): Json => {
  const blockers = task.blockers.map(({ id: _, ...blocker }) => blocker)
  return essenceOf({ ...task, blockers } as unknown as Json)
}

/** Times in words: `2026-11-21 06:40 UTC`, `12 s`, `340 ms`. */
const inWords = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)/g, '…')
    .replaceAll(/\b\d+ m?s\b/g, '…')
    .replaceAll(HASH, '#')

/** What of an issue's thread counts: labels, what people said with our reactions and answers, and our own lines. */
const threadOf = ({ sandbox: { state, seed } }: Play, issue: number): Json => {
  const own = state.issues
    .all()
    .find((one) => one.number === issue && one.repositoryId === seed.repositories.widgets.id)
  const comments = state.comments.all().filter(({ issueId }) => issueId === own?.id)
  const ours = comments.filter(({ appId }) => appId === seed.muster.id)
  const shown = (body: string): string => inWords(body.replaceAll(/<!--[^]*?-->/g, '').trim())
  return {
    title: own?.title ?? null,
    labels: (own?.labelIds ?? []).map((id) => state.labels.get(id)?.name ?? '').sort(),
    said: comments
      .filter(({ appId }) => appId !== seed.muster.id)
      .map(({ id, body, authorId }) => ({
        by: state.accounts.get(authorId)?.login ?? '',
        body,
        reactions: state.reactions
          .all()
          // 👀 says only that an answer took longer.
          .filter(({ subject, content }) => subject.kind === 'comment' && subject.id === id && content !== 'eyes')
          .map(({ content }) => content)
          .sort(),
        answers: ours
          .filter((answer) => answer.body.includes(`muster:reply ${nodeId('IssueComment', id)} `))
          .map((answer) => shown(answer.body)),
      })),
    records: ours.filter(({ body }) => body.includes('<!-- muster:record ')).length,
    lines: ours
      .filter(({ body }) => !body.includes('<!-- muster:'))
      .map(({ body }) => shown(body))
      .sort(),
  }
}

/** A commit that was passed over has a check run only if somebody saw it in time: those do not count. */
const checksOf = ({ sandbox: { state, seed } }: Play, standing: ReadonlySet<string>): Json =>
  checkRunsOf(state)
    .all()
    .filter(({ appId, name, headSha }) => appId === seed.muster.id && standing.has(`${name} @ ${headSha}`))
    .map(({ name, status, conclusion, title }) => inWords(`${name} ${status} ${conclusion} ${title}`))
    .sort()

/** Which check runs a task has in the end, and on which commits. */
const standingOf = ({ key, attempts, pullRequests }: Task): readonly string[] => [
  ...attempts.map(({ n, headSha, baseSha }) => `muster / ${key} #${n} @ ${headSha ?? baseSha}`),
  ...pullRequests.map(({ headSha }) => `muster @ ${headSha}`),
]

/** One text per life: equivalent lives have equal texts, and a diff of two shows where they part. */
export const equivalence = async (play: Play): Promise<Json> => {
  const [project] = await play.app.store.projections.projects()
  const tasks = project === undefined ? [] : await play.app.store.projections.tasks(project.stream)
  return {
    tasks: Object.fromEntries(tasks.map((task) => [task.key, essenceOfTask(task)])),
    threads: Object.fromEntries(tasks.map(({ key, number }) => [key, threadOf(play, number)])),
    checks: checksOf(play, new Set(tasks.flatMap(standingOf))),
  }
}
