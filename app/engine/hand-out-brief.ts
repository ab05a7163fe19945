/** The brief of a task with all that belongs into it, and the word in the log that its holder was given it. */
import type { Actor } from '../domain/actor.ts'
import { renderBrief } from '../domain/brief/render-brief.ts'
import { isHeldBy } from '../domain/task/decide/require-lease.ts'
import { renderFence } from '../domain/task/fence.ts'
import type { Task } from '../domain/task/state.ts'
import { budgetLeftFor } from './budget-left.ts'
import { factCause } from './cause.ts'
import { findingsFor } from './find-findings.ts'
import { handleCommand, type Engine } from './handle-command.ts'

export const handOutBrief = async (
  engine: Engine,
  task: Task,
  { body, budgetTokens }: { readonly body: string; readonly budgetTokens: number | null },
  reader: Actor,
): Promise<string> => {
  const { projections } = engine.store
  const [findings, money, ...found] = await Promise.all([
    findingsFor(engine.store, task),
    budgetLeftFor(engine, task, reader),
    ...task.dependsOn.map(({ stream }) => projections.task(stream)),
  ])
  const dependencies = found.flatMap((one) => one?.task ?? [])
  const brief = renderBrief(task, {
    body,
    dependencies,
    findings,
    money,
    ...(budgetTokens === null ? {} : { budgetTokens }),
  })
  const { lease, stream } = task
  if (lease === null || !isHeldBy(lease, reader)) return brief
  const known = task.attempts.find(({ n }) => n === lease.attempt)?.inputs?.briefSha256 ?? null
  if (known === null) {
    // Refused when the lease was lost meanwhile: then there is no attempt to record it for, and the brief is only read.
    await handleCommand(engine, {
      stream,
      command: { type: 'record-brief', fence: lease.fence, sha256: engine.sha256(brief) },
      actor: reader,
      cause: factCause(stream, 'brief', renderFence(lease.fence)),
    })
  }
  return brief
}
