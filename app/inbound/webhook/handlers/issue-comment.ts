/** Commands in comments: found, authorised by the author's role, carried out in order, and answered once. */
import { hasRole, type Actor } from '../../../domain/actor.ts'
import { projectStream, taskStream } from '../../../domain/event/envelope.ts'
import type { Rejection } from '../../../domain/rejection.ts'
import { cut } from '../../../domain/text/cut.ts'
import { neutralise } from '../../../domain/text/neutralise.ts'
import { commentCause } from '../../../engine/cause.ts'
import { answer, type EffectPayload } from '../../../engine/effects.ts'
import { summarise } from '../../../engine/fault.ts'
import { keepHeard, keepRejection } from '../../../engine/outcome.ts'
import type { CarryOutDeps } from '../../carried.ts'
import { carryOut } from '../../carry-out.ts'
import { explainParseProblem } from '../../catalogue/parse-problem.ts'
import { explainConfiguration } from '../../configuration/explain-configuration.ts'
import { explainRejection } from '../../explain-rejection.ts'
import type { RepositoryPlace } from '../../ports.ts'
import type { Explanation, Telling } from '../../telling.ts'
import { commandKey, findCommands, newCommands, type FoundCommand } from '../../slash/find-commands.ts'
import { parseCommandLine } from '../../slash/parse-command-line.ts'
import { homeOf, streamAt, taskAt } from '../../standing-at.ts'
import type { HandlerDeps } from '../deps.ts'

export interface CommentSeen {
  readonly id: number
  readonly nodeId: string
  readonly body: string
  /** The text before an edit; null when it was just written. */
  readonly before: string | null
  /** Of a recovered comment: only these commands, by commandKey, are news, whatever stood there before. */
  readonly only?: readonly string[]
  readonly author: { readonly id: number; readonly login: string; readonly isBot: boolean }
  /** Who sent or edited it. */
  readonly senderId: number
  /** The App it was written through, or null. */
  readonly appId: number | null
  readonly issue: { readonly number: number; readonly isPullRequest: boolean }
}

export type CommentDeps = HandlerDeps & CarryOutDeps

/** Somebody else's edit must not speak in the author's name; our own comments command nothing. */
export const onComment = async (deps: CommentDeps, place: RepositoryPlace, comment: CommentSeen): Promise<void> => {
  if (comment.senderId !== comment.author.id || comment.appId === deps.appId) return
  // Most comments hold no command; they cost nothing more than this.
  if (!comment.body.includes('/')) return
  const { body, before, only } = comment
  if (findCommands(body, { bare: true }).commands.length === 0) return

  const issue = await taskIssueOf(deps, place, comment)
  const home = await homeOf(deps.engine.store.projections, { place, issue })
  const settings = await deps.projects.settingsOf(place)
  if (comment.author.isBot && !settings.commands.bots.includes(comment.author.id)) return
  const { bare } = settings.commands
  const found = before === null ? findCommands(body, { bare }) : newCommands(before, body, { bare })
  const commands = only === undefined ? found.commands : found.commands.filter((one) => only.includes(commandKey(one)))
  const { left } = found
  if (commands.length === 0) return

  const isOpen = commands.some(({ text }) => answersAnywhere(text))
  const telling: Telling = { surface: 'comment', bare }
  const replies = await seenMeanwhile(deps, place, comment, issue, isOpen, async () => {
    const all: Reply[] = []
    for (const found of commands) all.push(await run(deps, home.place, comment, home.issue, found, telling))
    return all
  })
  if (left > 0) {
    replies.push(no({ problem: `${left} more commands were not run.`, next: 'Write them in another comment.' }))
  }
  await reply(deps, place, comment, issue, replies, isOpen)
}

/** Whoever waits longer for an answer is shown that the comment was seen. */
const PATIENCE_MS = 1_500

/** Does the work; when it takes long, 👀 goes ahead of its answer. */
const seenMeanwhile = async <T>(
  deps: CommentDeps,
  place: RepositoryPlace,
  comment: CommentSeen,
  issue: number,
  isOpen: boolean,
  work: () => Promise<T>,
): Promise<T> => {
  let shown: Promise<void> = Promise.resolve()
  const show = async (): Promise<void> => {
    if (await isHeard(deps, place, comment, issue, isOpen)) await put(deps, place, comment, issue, 'eyes', null)
  }
  const timer = setTimeout(() => {
    shown = show().catch((error: unknown) => deps.log.warn('not shown as seen', { reason: summarise(error) }))
  }, PATIENCE_MS)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
    // Or it would take the place of the answer that follows.
    await shown
  }
}

/** Longer words are nobody's command. */
const MAX_VERB = 60

/** Room for one answer; the record itself is the place for more. */
const MAX_ANSWER = 20_000

interface Reply {
  readonly ok: boolean
  readonly text: string | null
}

const no = ({ problem, next }: Explanation): Reply => ({ ok: false, text: `${problem} ${next}` })

/** By name, or what anybody needs who has no task yet. */
const answersAnywhere = (text: string): boolean => {
  const parsed = parseCommandLine(text, { bare: true })
  return /^\/muster\b/i.test(text) || (parsed?.ok === true && ANYWHERE.has(parsed.row.verb))
}

const ANYWHERE: ReadonlySet<string> = new Set(['help', 'task'])

const run = async (
  deps: CommentDeps,
  place: RepositoryPlace,
  comment: CommentSeen,
  issue: number,
  found: FoundCommand,
  telling: Telling,
): Promise<Reply> => {
  const parsed = parseCommandLine(found.text, telling)
  if (parsed === null) return { ok: true, text: null }
  const { log } = deps.engine.store
  const cause = commentCause(comment.nodeId, found.ordinal, deps.engine.sha256(found.normalised))
  if (!parsed.ok) {
    await keepRejection(log, { cause }, { code: 'not-understood', verb: parsed.problem.verb.slice(0, MAX_VERB) })
    return no(explainParseProblem(parsed.problem, telling))
  }
  const { row, args } = parsed
  const explain = (rejection: Rejection): Explanation => explainRejection(rejection, telling)
  const refuse = async (rejection: Rejection): Promise<Reply> => {
    const outcome = await keepRejection(log, { cause }, rejection)
    return no(explain(outcome.ok ? rejection : outcome.rejection))
  }
  // What was refused once stays refused, whoever may what now; what was carried out is answered the same again.
  const known = await log.findOutcome(cause)
  if (known?.ok === false) return no(explain(known.rejection))
  const { login, isBot } = comment.author
  // GitHub gives bots no role: being listed by id in the configuration is theirs, and it never reaches an admin's commands.
  // An admin's command reaches far: somebody who is none any more must not pass by what was read a minute ago.
  const held = isBot ? 'write' : await deps.facts.roleOf(place, login, row.role === 'admin')
  if (known === null && row.decidedBy === undefined && !hasRole(held, row.role)) {
    return refuse({ code: 'role-too-low', needed: row.role, held, verb: row.verb })
  }
  const intent = row.toIntent(args, { id: login })
  if (intent.kind === 'reject') return refuse(intent.rejection)
  const actor: Actor = { kind: isBot ? 'bot' : 'user', id: login }
  const carried = await carryOut(deps, {
    intent,
    place,
    issue,
    actor,
    held,
    telling,
    cause,
  })
  // Questions are no decisions, and some commands are several: known by the comment all the same, so that no scan asks again.
  await keepHeard(log, cause, await streamAt(deps.engine.store.projections, place, issue), carried)
  if (!carried.ok) return no(explain(carried.rejection))
  const { text, raw } = carried
  return { ok: true, text: raw && text !== null ? neutralise(text, { max: MAX_ANSWER }) : text }
}

/** A command on a pull request is for the task that it belongs to, when that is one. */
const taskIssueOf = async (deps: CommentDeps, place: RepositoryPlace, { issue }: CommentSeen): Promise<number> => {
  if (!issue.isPullRequest) return issue.number
  const tasks = await deps.engine.store.projections.tasks(projectStream(place.repositoryId))
  const linked = tasks.filter(({ pullRequests }) => pullRequests.some(({ number }) => number === issue.number))
  return linked.length === 1 ? (linked[0]?.number ?? issue.number) : issue.number
}

/**
 * People get one answer per comment. An issue that is no task is never written to, unless somebody speaks to Muster there by
 * name, or asks for help or a task.
 */
const reply = async (
  deps: CommentDeps,
  place: RepositoryPlace,
  comment: CommentSeen,
  issue: number,
  replies: readonly Reply[],
  isOpen: boolean,
): Promise<void> => {
  const { log, projects } = deps
  const failed = replies.some(({ ok }) => !ok)
  const texts = replies.flatMap(({ ok, text }) => (text === null ? [] : [ok ? text : neutralise(text)]))
  if (!(await isHeard(deps, place, comment, issue, isOpen))) {
    log.info('commands answered in the log only', { repository: place.repository, issue, refused: failed })
    return
  }
  // Whoever gets words anyway reads of a broken configuration too; the first to come by reads of it in any case.
  const wrong = await projects.configurationProblem(place.repositoryId)
  if (wrong !== null && (texts.length > 0 || !wrong.told)) texts.push(explainConfiguration(wrong))
  const text = texts.length === 0 ? null : cut(texts.join('\n\n'), MAX_ANSWER)
  await put(deps, place, comment, issue, failed ? 'confused' : 'rocket', text)
  if (wrong !== null && !wrong.told) await projects.configurationTold(place.repositoryId)
}

const isHeard = async (
  { engine }: CommentDeps,
  { repositoryId }: RepositoryPlace,
  { author }: CommentSeen,
  issue: number,
  isOpen: boolean,
): Promise<boolean> => {
  if (author.isBot) return false
  const { projections } = engine.store
  if ((await taskAt(projections, { repositoryId }, issue)) !== null) return true
  return isOpen && (await projections.project(projectStream(repositoryId)))?.ledgerIssue !== issue
}

/** What is put later takes the place of what has not been sent yet. */
const put = async (
  { engine }: CommentDeps,
  { repository, repositoryId, installationId }: RepositoryPlace,
  comment: CommentSeen,
  issue: number,
  reaction: EffectPayload['answer']['reaction'],
  text: string | null,
): Promise<void> => {
  const { now } = await engine.store.log.load(taskStream(repositoryId, issue))
  const at = { issue: comment.issue.number, commentId: comment.id, commentNodeId: comment.nodeId }
  await engine.store.outbox.put([
    answer({ place: { repository, repositoryId, installationId, ...at }, reaction, text }, now),
  ])
}
