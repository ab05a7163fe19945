/** Pull requests, reviews and checks, plugged together. */
import type { Area } from './areas.ts'
import { announcePull } from './changes/emit-pull.ts'
import { checkPart } from './graphql/check-part.ts'
import { gitObjectPart } from './graphql/git-object-part.ts'
import { pullClosingPart } from './graphql/pull-closing-part.ts'
import { pullMutations } from './graphql/pull-mutations.ts'
import { pullPart } from './graphql/pull-part.ts'
import { refMutations } from './graphql/ref-mutations.ts'
import { checkSuiteRoutes } from './routes/check-suites.ts'
import { checkRunRoutes } from './routes/checks.ts'
import { pullDetailRoutes } from './routes/pull-details.ts'
import { pullRoutes } from './routes/pulls.ts'
import { reviewRoutes } from './routes/reviews.ts'

export const pullsArea: Area = {
  name: 'pulls',
  routes: [...pullRoutes, ...pullDetailRoutes, ...reviewRoutes, ...checkRunRoutes, ...checkSuiteRoutes],
  graphql: [pullPart, checkPart, gitObjectPart, pullClosingPart, pullMutations, refMutations],
  async start(world) {
    world.pullAnnouncers.add(announcePull)
    return () => void world.pullAnnouncers.delete(announcePull)
  },
}
