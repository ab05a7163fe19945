/** Reads the hunks of a unified diff (GitHub's `patch`) into lines with their numbers on both sides. */
export interface DiffLine {
  readonly kind: 'hunk' | 'same' | 'added' | 'removed'
  readonly before: number | null
  readonly after: number | null
  /** Without the leading sign. */
  readonly text: string
}

export function readDiff(patch: string): DiffLine[] {
  const lines: DiffLine[] = []
  let [before, after] = [0, 0]
  for (const line of patch.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line)
    const text = line.slice(1)
    if (hunk) {
      ;[before, after] = [Number(hunk[1]), Number(hunk[2])]
      lines.push({ kind: 'hunk', before: null, after: null, text: line })
    } else if (line.startsWith('+')) lines.push({ kind: 'added', before: null, after: after++, text })
    else if (line.startsWith('-')) lines.push({ kind: 'removed', before: before++, after: null, text })
    else if (line.startsWith(' ')) lines.push({ kind: 'same', before: before++, after: after++, text })
  }
  return lines
}
