/**
 * What the sandbox is made of. An area brings REST rows, GraphQL parts and HTTP mounts of its own; it is plugged in by
 * one line here. Rows need no order: the more specific path wins.
 */
import type { Hono } from 'hono'
import { mountControl } from './control/control.ts'
import { basePart } from './graphql/base-part.ts'
import { commentPart } from './graphql/comment-part.ts'
import { editPart } from './graphql/edit-part.ts'
import { issueMutations } from './graphql/issue-mutations.ts'
import { issuePart } from './graphql/issue-part.ts'
import { labelMutations } from './graphql/label-mutations.ts'
import { actionsArea } from './actions/actions-area.ts'
import { gitArea } from './git/git-area.ts'
import type { GraphqlPart } from './graphql/part.ts'
import { reactionPart } from './graphql/reaction-part.ts'
import { timelinePart } from './graphql/timeline-part.ts'
import type { Route } from './http/route.ts'
import { accountRoutes } from './routes/accounts.ts'
import { oidcArea } from './oidc/oidc-area.ts'
import { pagesArea } from './pages/pages-area.ts'
import { pullsArea } from './pulls-area.ts'
import { appRoutes } from './routes/app.ts'
import { commentRoutes } from './routes/comments.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { issueRoutes } from './routes/issues.ts'
import { labelRoutes } from './routes/labels.ts'
import { milestoneRoutes } from './routes/milestones.ts'
import { reactionRoutes } from './routes/reactions.ts'
import { relationRoutes } from './routes/relations.ts'
import { repositoryDispatchRoutes } from './routes/repository-dispatch.ts'
import { repositoryRoutes } from './routes/repositories.ts'
import { repositorySettingRoutes } from './routes/repository-settings.ts'
import { searchRoutes } from './routes/search.ts'
import { teamRoutes } from './routes/teams.ts'
import { timelineRoutes } from './routes/timeline.ts'
import type { World } from './world.ts'

export interface Area {
  readonly name: string
  readonly routes?: readonly Route[]
  readonly graphql?: readonly GraphqlPart[]
  /** Raw HTTP that is no REST row: git's smart protocol, the artifact service, pages. Mounted before the REST rows. */
  readonly mount?: (http: Hono, world: World) => void
  /** Runs once, after the seed, before the sandbox listens; what it returns runs on close. */
  readonly start?: (world: World) => Promise<() => void | Promise<void>>
}

export const AREAS: readonly Area[] = [
  { name: 'control', mount: mountControl },
  { name: 'app', routes: [...appRoutes, ...deliveryRoutes, ...accountRoutes] },
  { name: 'repositories', routes: [...repositoryRoutes, ...repositoryDispatchRoutes], graphql: [basePart] },
  {
    name: 'issues',
    routes: [...issueRoutes, ...commentRoutes, ...labelRoutes, ...reactionRoutes],
    graphql: [issuePart, issueMutations, commentPart, labelMutations, reactionPart, editPart],
  },
  gitArea,
  pullsArea,
  actionsArea,
  oidcArea,
  {
    name: 'issue relations',
    routes: [...relationRoutes, ...milestoneRoutes, ...timelineRoutes],
    graphql: [timelinePart],
  },
  { name: 'search', routes: searchRoutes },
  { name: 'settings', routes: [...repositorySettingRoutes, ...teamRoutes] },
  pagesArea,
]
