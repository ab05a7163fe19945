/**
 * The reports that one attempt of a run uploaded, opened and parsed, within bounds: all of them or none, so that nobody can
 * hide a bad one behind many others. Whom to believe is decided elsewhere.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import { parseReport, type Report } from '../../../../schemas/report.ts'
import type { RequestCounts } from '../client/request-counts.ts'
import { downloadArtifact, type RunArtifact, type RunFacts, type RunPlace } from '../facts/run-facts.ts'
import { MAX_ARCHIVE_BYTES, hex, openArchive } from './open-archive.ts'
import type { ReportContext } from './report-command.ts'

export interface OpenedReport {
  readonly artifact: RunArtifact
  readonly report: Report
  readonly files: ReportContext['files']
}

export interface OpenedReports {
  /** Those that say the run failed come first: what is counted once is then counted as failed. */
  readonly opened: readonly OpenedReport[]
  readonly refused: readonly { readonly artifact: RunArtifact; readonly why: string }[]
  /** Reports of other attempts of the run, which are read with those. */
  readonly others: number
  /** Characters of all reports together. */
  readonly size: number
}

/** A matrix has at most 256 legs; some jobs report twice. */
export const MAX_REPORTS = 300
/** Of all their artifacts together, packed: more would keep the App busy for hours. */
const MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024
/** Of all reports of one run together, unpacked. */
const MAX_CHARS = 64 * 1024 * 1024
/** GitHub rounds times to seconds. */
const GRACE_MS: Millis = 2_000

/** Null when there is more than is read: then nothing of it counts. */
export const openReports = async (
  place: RunPlace,
  run: RunFacts,
  artifacts: readonly RunArtifact[],
  { apiUrl, requests }: { readonly apiUrl: string; readonly requests: RequestCounts },
): Promise<OpenedReports | null> => {
  const fitting = artifacts.filter((artifact) => artifact.size <= MAX_ARCHIVE_BYTES)
  const total = fitting.reduce((sum, artifact) => sum + artifact.size, 0)
  if (artifacts.length > MAX_REPORTS || total > MAX_TOTAL_BYTES) return null
  const opened: OpenedReport[] = []
  const refused: { artifact: RunArtifact; why: string }[] = []
  let others = 0
  let size = 0
  const openOne = async (artifact: RunArtifact): Promise<string | null> => {
    if (artifact.size > MAX_ARCHIVE_BYTES) return 'its artifact is too large'
    const zip = await downloadArtifact(place, artifact.id, { maxBytes: MAX_ARCHIVE_BYTES, apiUrl, requests })
    if (zip === null) return 'its artifact is larger than it says'
    if (artifact.sha256 !== null && hex(zip) !== artifact.sha256) return 'its bytes are not those that were uploaded'
    const archive = openArchive(zip)
    if (!archive.ok) return archive.problem
    size += archive.report.length
    const parsed = parseReport(archive.report)
    if (!parsed.ok) return parsed.problem
    const { report } = parsed
    // A re-run keeps the artifacts of the attempts before: each is read with its own attempt.
    if (report.run.id === run.id && report.run.attempt !== run.attempt) {
      others++
      return null
    }
    if (artifact.createdAt < run.startedAt - GRACE_MS) return 'it was uploaded before this attempt of its run began'
    opened.push({ artifact, report, files: archive.files })
    return null
  }
  for (const artifact of artifacts) {
    const why = await openOne(artifact)
    if (why !== null) refused.push({ artifact, why })
    if (size > MAX_CHARS) return null
  }
  const failedFirst = opened.toSorted((a, b) => rank(a) - rank(b) || a.artifact.id - b.artifact.id)
  return { opened: failedFirst, refused, others, size }
}

const rank = ({ report }: OpenedReport): number => (report.status === 'failed' ? 0 : 1)
