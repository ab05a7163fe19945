/** The bounds of a report, without zod, so that the Action can keep to them without carrying the schema. */

/** Rises when older readers would misread what newer writers write. */
export const REPORT_VERSION = 1

/** The name of the report's file inside the artifact of the run. */
export const REPORT_FILE = 'muster-report.json'

/** Artifacts of a run whose name begins so are reports. */
export const REPORT_ARTIFACT_PREFIX = 'muster-report-'

/** Lengths in UTF-16 units, counts in entries. */
export const REPORT_LIMITS = {
  /** Of the JSON text in UTF-8: a reader may refuse more unread. */
  bytes: 1_048_576,
  name: 300,
  path: 1_000,
  url: 2_000,
  message: 1_000,
  details: 2_000,
  evidence: 500,
  logTail: 16_000,
  output: 4_000,
  failures: 100,
  artifacts: 50,
  benchmarks: 200,
  denials: 20,
} as const
