/** Finds the artifacts that a workflow names, and decides which bytes travel with the report. */
import { extname } from 'node:path'
import { REPORT_LIMITS } from '../../../schemas/report-limits.ts'
import type { ReportArtifact } from '../../../schemas/report.ts'
import type { ArtifactLine } from '../inputs/list-inputs.ts'
import { digestFile, findFiles, relativePath, type Place } from './files.ts'

/** Of all files together; held in memory while they are zipped. */
const MAX_BYTES = 100 * 1024 * 1024

export interface CollectedArtifacts {
  readonly artifacts: readonly ReportArtifact[]
  /** Path inside the uploaded artifact → absolute path on this machine. */
  readonly files: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
  /** Whether a diff that was named has content; null when none was named. */
  readonly changed: boolean | null
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.diff': 'text/x-diff',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.patch': 'text/x-diff',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
}

export const collectArtifacts = async (
  lines: readonly ArtifactLine[],
  place: Place,
  includeFiles: boolean,
): Promise<CollectedArtifacts> => {
  const artifacts: ReportArtifact[] = []
  const files = new Map<string, string>()
  const warnings: string[] = []
  let bytes = 0
  let changed: boolean | null = null
  for (const { kind, source } of lines) {
    if (source.startsWith('https://')) {
      artifacts.push({
        kind,
        name: nameOfUrl(source),
        path: null,
        url: source,
        sha256: null,
        size: null,
        mediaType: null,
      })
      continue
    }
    const found = await findFiles(source, place)
    if (found.files.length === 0) warnings.push(`No file matches the ${kind} \`${source}\`.`)
    if (found.refused > 0)
      warnings.push(
        `${found.refused} matches of \`${source}\` lie outside the workspace or are too many; they are left out.`,
      )
    for (const file of found.files) {
      const { sha256, size } = await digestFile(file)
      const name = relativePath(file, place.workspace) ?? file.split(/[\\/]/).at(-1) ?? 'file'
      if (kind === 'diff') changed = (changed ?? false) || size > 0
      const path = includeFiles && bytes + size <= MAX_BYTES ? freePath(files, `files/${name}`) : null
      if (path !== null) {
        files.set(path, file)
        bytes += size
      } else if (includeFiles) {
        warnings.push(`\`${name}\` is not uploaded: all files together may have 100 MB. Its digest is reported.`)
      }
      const mediaType = MEDIA_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'
      artifacts.push({ kind, name: name.slice(0, REPORT_LIMITS.name), path, url: null, sha256, size, mediaType })
    }
  }
  const left = artifacts.length - REPORT_LIMITS.artifacts
  if (left > 0) warnings.push(`${left} artifacts are left out: a report holds ${REPORT_LIMITS.artifacts}.`)
  const kept = artifacts.slice(0, REPORT_LIMITS.artifacts)
  const paths = new Set(kept.map(({ path }) => path))
  return { artifacts: kept, files: new Map([...files].filter(([path]) => paths.has(path))), warnings, changed }
}

const nameOfUrl = (source: string): string => {
  const { hostname, pathname } = new URL(source)
  return (pathname.split('/').findLast((part) => part !== '') ?? hostname).slice(0, REPORT_LIMITS.name)
}

/** Names that would be too long, or are taken, are not uploaded twice. */
const freePath = (files: ReadonlyMap<string, string>, path: string): string | null =>
  path.length > REPORT_LIMITS.path || files.has(path) ? null : path
