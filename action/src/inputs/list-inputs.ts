/** The inputs that are lists of `word: path` lines. */
import type { ReportArtifact, ReportBenchmark } from '../../../schemas/report.ts'
import { InputFault } from './input-fault.ts'

export interface ArtifactLine {
  readonly kind: ReportArtifact['kind']
  /** A glob of files, or an address that begins with `https://`. */
  readonly source: string
}

export interface BenchmarkLine {
  readonly direction: ReportBenchmark['direction']
  /** A glob of files. */
  readonly pattern: string
}

const KINDS: readonly ReportArtifact['kind'][] = ['diff', 'file', 'log', 'benchmark', 'screenshot', 'report']

export const parseArtifactLines = (lines: readonly string[]): readonly ArtifactLine[] =>
  lines.map((line) => {
    const [, word = '', source = ''] = /^([a-z]+)\s*:\s*(\S.*)$/.exec(line) ?? []
    const kind = KINDS.find((known) => known === word)
    if (kind === undefined) {
      throw new InputFault(
        'artifacts',
        'has a line that does not begin with a kind',
        `Write lines such as \`screenshot: out/*.png\`; kinds are ${KINDS.join(', ')}`,
      )
    }
    if (/^[a-z]+:\/\//i.test(source) && !isHttps(source)) {
      throw new InputFault('artifacts', 'has an address that is not https', 'Give a path, or an address with https://')
    }
    return { kind, source }
  })

const isHttps = (source: string): boolean => URL.canParse(source) && new URL(source).protocol === 'https:'

export const parseBenchmarkLines = (lines: readonly string[]): readonly BenchmarkLine[] =>
  lines.map((line) => {
    const [, word, pattern = ''] = /^(?:(smaller|bigger)\s*:\s*)?(\S.*)$/.exec(line) ?? []
    return { direction: word === 'smaller' || word === 'bigger' ? word : 'unknown', pattern }
  })
