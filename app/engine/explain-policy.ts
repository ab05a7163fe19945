/**
 * What policy would say, and why: the same rules that decisions obey. What it says of a tool to the holder of a task is a
 * decision, and is put on record where it is news.
 */
import type { Actor } from '../domain/actor.ts'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { evaluate, type PolicyResult } from '../domain/policy/evaluate.ts'
import { factsOf, type Question } from '../domain/policy/facts.ts'
import { bindingFor, gateNamed, stands } from '../domain/policy/gate.ts'
import { isNews, verdictOf } from '../domain/policy/verdict.ts'
import { isHeldBy } from '../domain/task/decide/require-lease.ts'
import { factCause } from './cause.ts'
import { handleCommand, type Engine } from './handle-command.ts'
import { parseTask } from './fold.ts'
import { policyCacheOf } from './policy-cache.ts'

export interface PolicyAnswer extends PolicyResult {
  /** Those of its gates that are not open yet. */
  readonly missing: readonly string[]
}

/** `stream` null: asked of the project as a whole. */
export const explainPolicy = async (
  engine: Engine,
  project: StreamId,
  stream: StreamId | null,
  question: Question,
  actor: Actor,
): Promise<PolicyAnswer> => {
  const loaded = await engine.store.log.load(stream ?? project)
  const task = stream === null ? null : parseTask(loaded.state)
  const { policy = { otherwise: 'allow', rules: [] } as const, agents } = await engine.settingsOf(
    task?.project ?? project,
  )
  const facts = factsOf(question, task, agents, loaded.now)
  const cached = stream === null ? evaluate : policyCacheOf(engine)(`${stream}@${loaded.version}`)
  const result = cached(policy, facts)
  const holds = task?.lease !== null && task?.lease !== undefined && isHeldBy(task.lease, actor)
  if (stream !== null && holds && question.verb === 'tool' && isNews(task.verdicts, verdictOf(question, result))) {
    // Who only looks sends no key: what is asked, of the task as it stands, is the identity.
    const asked = `${loaded.version}:${engine.sha256(canonicalJson({ ...question }))}`
    const cause = factCause(stream, 'policy', asked)
    await handleCommand(engine, { stream, command: { type: 'ask-policy', question }, actor, cause })
  }
  const isOpen = (name: string): boolean =>
    task !== null && stands(gateNamed(task, name), bindingFor(task, question.verb))
  return { ...result, missing: result.gates.filter((name) => !isOpen(name)) }
}
