/** What policy says of a tool to whoever holds the lease, put on record where it is news. Nothing is refused here: the asker is told. */
import { evaluate } from '../../policy/evaluate.ts'
import { factsOf } from '../../policy/facts.ts'
import { isNews, verdictOf } from '../../policy/verdict.ts'
import { accept } from '../../rejection.ts'
import { taskEvent } from '../events.ts'
import { MOST_VERDICTS_ON_TOOLS } from '../limits.ts'
import type { Decide } from './context.ts'
import { isHeldBy } from './require-lease.ts'

export const askPolicy: Decide<'ask-policy'> = (task, { question }, { actor, now, settings, ...context }) => {
  const { lease, attempts, verdicts } = task
  const { policy, agents } = settings
  if (policy === undefined || lease === null || !isHeldBy(lease, actor)) return accept()
  const attempt = attempts.find(({ n }) => n === lease.attempt)
  if ((attempt?.asked ?? 0) >= MOST_VERDICTS_ON_TOOLS) return accept()
  const result = (context.evaluate ?? evaluate)(policy, factsOf(question, task, agents, now))
  const verdict = { ...verdictOf(question, result), attempt: lease.attempt }
  return isNews(verdicts, verdict) ? accept(taskEvent('policy-evaluated', verdict)) : accept()
}
