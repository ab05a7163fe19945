/** Reads the custom JSON of github-action-benchmark: a list of `{name, value, unit, range?}`. Other formats are refused. */
import { REPORT_LIMITS } from '../../../schemas/report-limits.ts'
import type { ReportBenchmark } from '../../../schemas/report.ts'
import { asArray, asObject, asText, parseJson } from '../json-fields.ts'

export type ReadBenchmarks =
  | { readonly ok: true; readonly benchmarks: readonly ReportBenchmark[] }
  | { readonly ok: false; readonly problem: string }

const MAX_TEXT = 8 * 1024 * 1024

export const readBenchmarks = (text: string, direction: ReportBenchmark['direction']): ReadBenchmarks => {
  const value = text.length > MAX_TEXT ? undefined : parseJson(text)
  if (!Array.isArray(value)) {
    return { ok: false, problem: 'it is no JSON list of `{name, value, unit}`' }
  }
  const benchmarks = asArray(value).flatMap((row): ReportBenchmark | [] => {
    const entry = asObject(row)
    const name = asText(entry?.['name'], REPORT_LIMITS.name)
    const figure = toNumber(entry?.['value'])
    if (name === null || !Number.isFinite(figure)) return []
    return {
      name,
      value: figure,
      unit: asText(entry?.['unit'], 60) ?? '',
      direction,
      range: asText(entry?.['range'], 60),
    }
  })
  if (benchmarks.length === 0 && value.length > 0) {
    return { ok: false, problem: 'none of its entries has a name and a number' }
  }
  return { ok: true, benchmarks: benchmarks.slice(0, REPORT_LIMITS.benchmarks) }
}

/** Some tools write their figures as text. */
const toNumber = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN
