/** Listens for events and makes their workflow runs, one event after another, so that run numbers follow the events. */
import { type State, stateSlot } from '../model/state.ts'
import type { SandboxEvent, World } from '../world.ts'
import { jobsIdle } from './job-scheduler.ts'
import { runsOfEvent } from './runs-of-event.ts'

const queueOf = stateSlot('run triggers', () => ({ last: Promise.resolve() }))

/** The returned function stops it, after the runs of events that were heard already. */
export function startTriggers(world: World): () => Promise<void> {
  const queue = queueOf(world.state)
  const listener = (event: SandboxEvent) => {
    queue.last = queue.last
      .then(() => runsOfEvent(world, event))
      .catch((error: unknown) => console.error('sandbox fault: a workflow run could not be made:', error))
  }
  world.listeners.add(listener)
  return () => {
    world.listeners.delete(listener)
    return queue.last
  }
}

/** Resolves when every event so far has its runs and no job is being executed. */
export async function actionsIdle(state: State): Promise<void> {
  const queue = queueOf(state)
  let last: Promise<void>
  do {
    last = queue.last
    await last
    await jobsIdle(state)
  } while (last !== queue.last)
}
