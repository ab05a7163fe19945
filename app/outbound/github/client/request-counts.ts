/** How many requests went to GitHub, per route, since the process started: for the metrics page and the published figures. */

export interface RequestCounts {
  /** Call once per request sent, retries included. */
  count(route: string, status: number | null): void
  readonly total: number
  /** `GET /repos/{owner}/{repo}` or `GraphQL <operation name>` → requests. */
  readonly byRoute: Readonly<Record<string, number>>
  /** Status (`none`: no answer) → requests. */
  readonly byStatus: Readonly<Record<string, number>>
}

export const createRequestCounts = (): RequestCounts => {
  let total = 0
  const byRoute: Record<string, number> = {}
  const byStatus: Record<string, number> = {}
  return {
    count(route, status) {
      total++
      byRoute[route] = (byRoute[route] ?? 0) + 1
      const key = status === null ? 'none' : String(status)
      byStatus[key] = (byStatus[key] ?? 0) + 1
    },
    get total() {
      return total
    },
    byRoute,
    byStatus,
  }
}
