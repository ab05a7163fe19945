/**
 * The App's way to GitHub: one client per installation and lane. Octokit's REST and GraphQL packages carry the requests;
 * Probot's Octokit is not used, because its throttling and retries would have to be taken out again: the lanes in the
 * store are the only ones, and nothing is sent twice from here but a request that a stale token kept from happening.
 */
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import type { Clock, Lane, RateBuckets } from '../../engine/ports.ts'
import { createGraphql, type Graphql } from './client/graphql.ts'
import { createInstallationTokens } from './client/installation-tokens.ts'
import { createLimits, type GitHubLog } from './client/limits.ts'
import { createMutationBatches, type Mutate } from './client/mutation-batches.ts'
import { createPlaces } from './client/places.ts'
import { comeBackAt, faultOf, limitOf, type FailedAnswer } from './client/read-answer.ts'
import { createRequestCounts, type RequestCounts } from './client/request-counts.ts'
import { NO_ANSWER, costOf, failedAnswer, isCutShort, routeOf, type OctokitResponse } from './client/request-shape.ts'

/** Octokit sends no version by itself; another one is moved to on purpose. */
const API_VERSION = '2022-11-28'
/** GitHub gives up after 10 s; a slower answer than this is none. */
const TIMEOUT_MS = 20_000
/** GitHub's own bound is 100 at once per installation, shared with everything else that the installation does. */
const AT_ONCE = 10

export interface GitHubOptions {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  /** The REST root, without a trailing slash; GraphQL stands at `/graphql` under it. */
  readonly apiUrl: string
  readonly buckets: RateBuckets
  readonly clock: Clock
  readonly log: GitHubLog
}

/** Every method throws a GitHubFault, never Octokit's own errors. */
export interface InstallationClient extends Graphql {
  readonly installationId: number
  readonly rest: Octokit['rest']
  readonly request: Octokit['request']
  readonly mutate: Mutate
}

export interface GitHub {
  installation(installationId: number, lane: Lane): InstallationClient
  /** Signed in as the App itself: installations, hook deliveries. */
  readonly asApp: Octokit['request']
  readonly requests: RequestCounts
}

export const createGitHub = ({ appId, privateKey, apiUrl, buckets, clock, log }: GitHubOptions): GitHub => {
  const requests = createRequestCounts()
  const signIn = createAppAuth({ appId, privateKey })

  const bare = (): Octokit =>
    new Octokit({
      baseUrl: apiUrl,
      userAgent: 'muster',
      request: {
        // A fresh signal for every request: one given as an option would be shared by all.
        fetch: async (url: string, init: RequestInit) =>
          fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
      },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    })

  /** Sends and counts; a failure comes back as an answer that can be read. */
  const counted = async <T extends OctokitResponse>(
    route: string,
    send: () => T | Promise<T>,
  ): Promise<{ readonly sent: T } | { readonly failed: FailedAnswer }> => {
    try {
      const sent = await send()
      const broken = isCutShort(sent)
      requests.count(route, broken ? null : sent.status)
      return broken ? { failed: NO_ANSWER } : { sent }
    } catch (error) {
      const failed = failedAnswer(error)
      if (failed === null) throw error
      requests.count(route, failed.status)
      return { failed }
    }
  }

  const app = bare()
  app.hook.wrap('request', async (request, call) => {
    const { token } = await signIn({ type: 'app' })
    call.headers = { ...call.headers, 'x-github-api-version': API_VERSION, authorization: `bearer ${token}` }
    const route = routeOf(call)
    const result = await counted(route, () => request(call))
    if ('sent' in result) return result.sent
    const limit = limitOf(result.failed)
    const retryAt = limit === null ? null : comeBackAt(result.failed, limit, clock.now(), 1)
    throw faultOf(result.failed, { route, writes: call.method !== 'GET' }, { retryAt })
  })

  const tokens = createInstallationTokens(clock, async (installationId) => {
    const { data } = await app.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: installationId,
    })
    return { token: data.token, expiresAt: Date.parse(data.expires_at) }
  })

  const limitsOf = remembered((installationId) => createLimits(installationId, buckets, clock, log))
  const placesOf = remembered(() => createPlaces(AT_ONCE))

  const connect = (installationId: number, lane: Lane): InstallationClient => {
    const octokit = bare()
    const limits = limitsOf(installationId)
    octokit.hook.wrap('request', async (request, call) =>
      placesOf(installationId).run(lane, async () => {
        const route = routeOf(call)
        const cost = costOf(call)
        await limits.take(cost, lane, route)
        for (let retried = false; ; retried = true) {
          const token = await tokens.get(installationId)
          call.headers = { ...call.headers, 'x-github-api-version': API_VERSION, authorization: `token ${token}` }
          const result = await counted(route, () => request(call))
          if ('sent' in result) {
            limits.learn(cost, result.sent.headers)
            return result.sent
          }
          const { failed } = result
          if (failed.status === 401) tokens.drop(installationId, token)
          // A refused token did nothing, so once more with a fresh one repeats nothing.
          if (failed.status === 401 && !retried) continue
          const retryAt = await limits.refused(cost.api, failed, route)
          throw faultOf(failed, { route, writes: cost.writes }, { retryAt })
        }
      }),
    )
    const graphql = createGraphql(octokit, limits)
    return {
      installationId,
      rest: octokit.rest,
      request: octokit.request,
      ...graphql,
      mutate: createMutationBatches(({ query, variables }) => graphql.graphqlPartly(query, variables)),
    }
  }

  const clients: Record<Lane, (installationId: number) => InstallationClient> = {
    command: remembered((id) => connect(id, 'command')),
    result: remembered((id) => connect(id, 'result')),
    cosmetic: remembered((id) => connect(id, 'cosmetic')),
  }
  return { requests, asApp: app.request, installation: (installationId, lane) => clients[lane](installationId) }
}

/** Makes one of each and keeps it: there are as many as installations. */
const remembered = <T>(make: (installationId: number) => T): ((installationId: number) => T) => {
  const made = new Map<number, T>()
  return (installationId) => {
    const known = made.get(installationId) ?? make(installationId)
    made.set(installationId, known)
    return known
  }
}
