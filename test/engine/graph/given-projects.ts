/** Two projects of one workspace over one engine, and the effects that one task's end has on others. */
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { FailurePolicy, Task } from '../../../app/domain/task/state.ts'
import type { EffectPayload } from '../../../app/engine/effects.ts'
import { projectOf } from '../../../app/engine/fold.ts'
import type { Handled } from '../../../app/engine/handle-command.ts'
import { settleDependencyOf, settleDependentsOf } from '../../../app/engine/settle-dependents.ts'
import { createTestEngine, OPEN_PROJECT } from '../create-engine.ts'

export const here = (n: number): StreamId => `task/7/${n}`
export const there = (n: number): StreamId => `task/8/${n}`

export const keyOf = (stream: StreamId): string =>
  `${projectOf(stream) === 'project/7' ? 'DEV' : 'OPS'}-${Number(stream.split('/')[2])}`

const refTo = (stream: StreamId) => ({ stream, key: keyOf(stream) })

export const givenProjects = async () => {
  const test = await createTestEngine()
  const { engine, store, clock, ask } = test
  await ask('project/8', {
    ...OPEN_PROJECT,
    type: 'open-project',
    repositoryId: 8,
    repositoryNodeId: 'R_8',
    repository: 'acme/ops',
    installationId: 1,
    prefix: 'OPS',
  })
  const taskAt = async (stream: StreamId): Promise<Task> => {
    const found = await store.projections.task(stream)
    if (found === null) throw new Error(`no ${stream}`)
    return found.task
  }
  return {
    ...test,
    taskAt,
    make: async (...streams: readonly StreamId[]): Promise<void> => {
      for (const stream of streams) {
        const number = Number(stream.split('/')[2])
        const project = projectOf(stream)
        await ask(stream, { type: 'create-task', project, key: keyOf(stream), number, title: 'T', priority: 'p2' })
        await ask(stream, { type: 'ready-task' })
      }
    },
    depend: (stream: StreamId, on: StreamId, onFailure: FailurePolicy | null = null): Promise<Handled> =>
      ask(stream, { type: 'add-dependency', on: refTo(on), status: 'open', path: null, onFailure }),
    drop: (stream: StreamId, on: StreamId): Promise<Handled> =>
      ask(stream, { type: 'remove-dependency', on: refTo(on) }),
    parent: (stream: StreamId, of: StreamId | null): Promise<Handled> =>
      ask(stream, { type: 'set-parent', parent: of === null ? null : refTo(of), above: [], siblings: 0, below: 0 }),
    /** Carries out what tasks are to be told of each other, and drops all else. */
    tell: async (): Promise<void> => {
      for (;;) {
        clock.pass(60_000)
        const items = await store.outbox.take(100, 1000)
        if (items.length === 0) return
        for (const { key, kind, payload, claim } of items) {
          if (kind === 'settle-dependents') {
            await settleDependentsOf(engine, payload as EffectPayload['settle-dependents'])
          }
          if (kind === 'settle-dependency') {
            await settleDependencyOf(engine, payload as EffectPayload['settle-dependency'])
          }
          await store.outbox.done(key, claim)
        }
      }
    },
  }
}
