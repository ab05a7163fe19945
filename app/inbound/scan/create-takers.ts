/** What becomes of the rows of a scan's pages. */
import type { ScanTakers } from '../../engine/scan/scan-step.ts'
import { nameOf } from './scanned-delivery.ts'
import { takeComments, type TakeDeps } from './take-comments.ts'
import { takeIssues } from './take-issues.ts'

export const createTakers = (deps: TakeDeps): ScanTakers => ({
  comments: (place, rows, since) => takeComments(deps, place, rows, since),
  issues: (place, rows, since) => takeIssues(deps, place, rows, since),
  commentName: (place) => nameOf('comment', place),
})
