/**
 * What every route, event and page of one sandbox shares. Built once by `createSandbox`; nothing here is global, so that
 * tests run many sandboxes side by side.
 */
import type { Caller } from './auth/caller.ts'
import type { TokenBook } from './auth/token-book.ts'
import type { IssueAction } from './changes/emit-issue.ts'
import type { Clock } from './clock.ts'
import type { RequestLog } from './http/request-log.ts'
import type { LimitBook } from './limits/limit-book.ts'
import type { Issue } from './model/issue.ts'
import type { Random } from './model/random.ts'
import type { State } from './model/state.ts'
import type { Switches } from './switches.ts'
import type { DeliveryQueue } from './webhooks/delivery-queue.ts'

/** Something that happened, as areas inside the sandbox hear it (workflow runs start from here, not from webhooks). */
export interface SandboxEvent {
  readonly event: string
  readonly action: string | null
  readonly repositoryId: number | null
  /** Who caused it. A `workflow` caller (GITHUB_TOKEN) starts no workflows, except through the two dispatches. */
  readonly caller: Caller
  readonly payload: Readonly<Record<string, unknown>>
}

export type PullAnnouncer = (
  doer: { readonly world: World; readonly caller: Caller },
  issue: Issue,
  action: IssueAction,
  extra: Readonly<Record<string, unknown>>,
) => void

export interface World {
  readonly state: State
  readonly clock: Clock
  readonly random: Random
  readonly switches: Switches
  readonly tokens: TokenBook
  readonly log: RequestLog
  readonly limits: LimitBook
  readonly deliveries: DeliveryQueue
  readonly listeners: Set<(event: SandboxEvent) => void>
  /** Told of every issue-like change of a pull request (labels, title, state), to send `pull_request` events. */
  readonly pullAnnouncers: Set<PullAnnouncer>
  /** The sandbox's own address without a trailing slash: REST root, and the root of every html_url. Known once listening. */
  readonly origin: () => string
}
