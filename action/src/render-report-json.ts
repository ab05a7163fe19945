/** Writes a report as JSON that keeps to the wire contract's size: details go first, then failures. */
import { REPORT_LIMITS } from '../../schemas/report-limits.ts'
import type { Report } from '../../schemas/report.ts'

export const renderReportJson = (report: Report): string => {
  let fitting = report
  for (const shorten of SHORTENINGS) {
    const json = `${JSON.stringify(fitting, null, 2)}\n`
    if (Buffer.byteLength(json) <= REPORT_LIMITS.bytes) return json
    fitting = shorten(fitting)
  }
  return `${JSON.stringify(fitting, null, 2)}\n`
}

const withFailures = (
  report: Report,
  change: (tests: NonNullable<Report['tests']>) => Partial<Report['tests'] & object>,
): Report => (report.tests === null ? report : { ...report, tests: { ...report.tests, ...change(report.tests) } })

const SHORTENINGS: readonly ((report: Report) => Report)[] = [
  (report) =>
    withFailures(report, (tests) => ({
      failures: tests.failures.map((failure) => Object.assign({}, failure, { details: null })),
    })),
  (report) => withFailures(report, (tests) => ({ failures: tests.failures.slice(0, 20) })),
  (report) => ({ ...report, benchmarks: [], logTail: report.logTail?.slice(-2_000).toWellFormed() ?? null }),
]
