/** What can go wrong when we call GitHub, told by status, type and headers, never by message text. Holds no request: tokens ride in those. */
import type { Millis } from '../../../domain/event/envelope.ts'

export type GitHubFaultCode =
  /** GitHub, or our own lanes in front of it, said to wait. */
  | 'rate-limited'
  /** 404 or 410: it is not there, or hidden from us. */
  | 'not-found'
  /** 403: the App lacks a permission. */
  | 'forbidden'
  /** 401, also with a fresh token. */
  | 'unauthorized'
  /** 422 or another 4xx: asking again would not help. */
  | 'invalid'
  /** 5xx. */
  | 'unavailable'
  /** No answer: refused, reset or too slow. */
  | 'unreachable'

export interface GitHubFaultDetail {
  readonly status: number | null
  /** `GET /repos/{owner}/{repo}`, or `GraphQL <operation name>`. */
  readonly route: string
  readonly retryable: boolean
  /** When trying again makes sense; null: at once, or never when not retryable. */
  readonly retryAt: Millis | null
  /** The write may have been carried out all the same: look before repeating it. */
  readonly ambiguous: boolean
  /** GitHub's x-github-request-id, for their support. */
  readonly requestId: string | null
}

const NEXT_STEP: Record<GitHubFaultCode, string> = {
  'rate-limited': 'it is tried again when the limit allows',
  'not-found': "check that the App is still installed on the repository and that the thing wasn't deleted",
  forbidden: "compare the App's permissions with app.yml and accept pending permission requests",
  unauthorized: 'check APP_ID and PRIVATE_KEY, and that the installation is not suspended',
  invalid: 'this is a fault of Muster: please report it with the route and request id',
  unavailable: 'it is tried again',
  unreachable: 'it is tried again; check GITHUB_API_URL and the network if it lasts',
}

export class GitHubFault extends Error {
  override readonly name = 'GitHubFault'
  readonly code: GitHubFaultCode
  readonly status: number | null
  readonly route: string
  readonly retryable: boolean
  readonly retryAt: Millis | null
  readonly ambiguous: boolean
  readonly requestId: string | null

  constructor(code: GitHubFaultCode, detail: GitHubFaultDetail) {
    const status = detail.status === null ? '' : ` ${detail.status}`
    super(`GitHub: ${code}${status} on ${detail.route}; ${NEXT_STEP[code]}`)
    this.code = code
    this.status = detail.status
    this.route = detail.route
    this.retryable = detail.retryable
    this.retryAt = detail.retryAt
    this.ambiguous = detail.ambiguous
    this.requestId = detail.requestId
  }
}

/** A GraphQL request that was answered, and did or showed only part of what was asked. `retryAt` null: whenever the caller tries again. */
export const partlyFailed = (
  operation: string,
  { forbidden, retryAt }: { readonly forbidden: boolean; readonly retryAt: Millis | null },
): GitHubFault =>
  new GitHubFault(forbidden ? 'forbidden' : 'unavailable', {
    status: 200,
    route: `GraphQL ${operation}`,
    retryable: !forbidden,
    retryAt: forbidden ? null : retryAt,
    ambiguous: false,
    requestId: null,
  })

export const isGitHubFault = (error: unknown, code?: GitHubFaultCode): error is GitHubFault =>
  error instanceof GitHubFault && (code === undefined || error.code === code)
