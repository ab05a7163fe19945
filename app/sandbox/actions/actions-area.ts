/** The Actions side of the sandbox, plugged together: routes, results service, runs that follow events, jobs that follow runs. */
import type { Area } from '../areas.ts'
import { artifactRoutes } from '../routes/artifacts.ts'
import { workflowRunRoutes } from '../routes/workflow-runs.ts'
import { workflowRoutes } from '../routes/workflows.ts'
import { mountArtifactService } from './artifact-service.ts'
import { mountBlobStore } from './blob-store.ts'
import { startScheduler } from './job-scheduler.ts'
import { startTriggers } from './run-triggers.ts'

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
