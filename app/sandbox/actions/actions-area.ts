/** The Actions side of the sandbox, plugged together: routes, results service, runs that follow events, jobs that follow runs. */
import type { Area } from '../areas.ts'
import { artifactRoutes } from '../routes/artifacts.ts'
import { workflowRunRoutes } from '../routes/workflow-runs.ts'
import { workflowRoutes } from '../routes/workflows.ts'
import type { SandboxEvent, World } from '../world.ts'
import { mountArtifactService } from './artifact-service.ts'
import { mountBlobStore } from './blob-store.ts'
import { startScheduler } from './job-scheduler.ts'
import { runsOfEvent } from './start-runs.ts'

/** Runs are made one event after another, so that their numbers follow the events. */
function startTriggers(world: World): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  const listener = (event: SandboxEvent) => {
    last = last
      .then(() => runsOfEvent(world, event))
      .catch((error: unknown) => console.error('sandbox fault: a workflow run could not be made:', error))
  }
  world.listeners.add(listener)
  return () => {
    world.listeners.delete(listener)
    return last
  }
}

export const actionsArea: Area = {
  name: 'actions',
  routes: [...artifactRoutes, ...workflowRoutes, ...workflowRunRoutes],
  mount(http, world) {
    mountBlobStore(http, world)
    mountArtifactService(http, world)
  },
  async start(world) {
    const stops = [startTriggers(world), startScheduler(world)]
    return async () => {
      for (const stop of stops) await stop()
    }
  },
}
