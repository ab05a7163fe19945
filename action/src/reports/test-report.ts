/** What test reports say, whatever program wrote them, and how several become one. */
import { REPORT_LIMITS } from '../../../schemas/report-limits.ts'
import type { ReportTests } from '../../../schemas/report.ts'

export type TestFailure = ReportTests['failures'][number]

export const NO_TESTS: ReportTests = { total: 0, failed: 0, errors: 0, skipped: 0, flaky: 0, failures: [] }

export const addTests = (a: ReportTests, b: ReportTests): ReportTests => ({
  total: a.total + b.total,
  failed: a.failed + b.failed,
  errors: a.errors + b.errors,
  skipped: a.skipped + b.skipped,
  flaky: a.flaky + b.flaky,
  failures: [...a.failures, ...b.failures].slice(0, REPORT_LIMITS.failures),
})
