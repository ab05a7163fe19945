/** What policy would say, and why: the same rules that decisions obey, asked without deciding anything. */
import type { StreamId } from '../domain/event/envelope.ts'
import { evaluate, type PolicyResult } from '../domain/policy/evaluate.ts'
import { factsOf, type Question } from '../domain/policy/facts.ts'
import { bindingFor, gateNamed, stands } from '../domain/policy/gate.ts'
import type { Engine } from './handle-command.ts'
import { parseTask } from './fold.ts'
import { policyCacheOf } from './policy-cache.ts'

export interface PolicyAnswer extends PolicyResult {
  /** Those of its gates that are not open yet. */
  readonly missing: readonly string[]
}

/** `task` null: asked of the project as a whole. */
export const explainPolicy = async (
  engine: Pick<Engine, 'store' | 'settingsOf' | 'sha256'>,
  project: StreamId,
  stream: StreamId | null,
  question: Question,
): Promise<PolicyAnswer> => {
  const loaded = await engine.store.log.load(stream ?? project)
  const task = stream === null ? null : parseTask(loaded.state)
  const { policy = { otherwise: 'allow', rules: [] } as const, agents } = await engine.settingsOf(
    task?.project ?? project,
  )
  const facts = factsOf(question, task, agents, loaded.now)
  const cached = stream === null ? evaluate : policyCacheOf(engine)(`${stream}@${loaded.version}`)
  const result = cached(policy, facts)
  const isOpen = (name: string): boolean =>
    task !== null && stands(gateNamed(task, name), bindingFor(task, question.verb))
  return { ...result, missing: result.gates.filter((name) => !isOpen(name)) }
}
