/** Tells the story on a terminal, a short line for each thing that happened. On a real terminal the last line shows what is under way. */
export interface Narrator {
  /** A line of its own, with an empty one before it. */
  heading(text: string): void
  /** Something happened as hoped, and where to see it. */
  good(text: string, where?: string): void
  /** Something went wrong, in the story, not in the demo. */
  bad(text: string, where?: string): void
  detail(text: string): void
  /** What is going on now; replaced by the next line. Shown on terminals only. */
  busy(text: string): void
}

export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Some terminals say that they have none. */
const USUAL_COLUMNS = 80
const ESCAPE = '\u001B['
const CLEAR_LINE = `\r${ESCAPE}K`

export function createNarrator(screen: Screen, env: Readonly<Record<string, string | undefined>>): Narrator {
  const live = screen.isTTY === true && env['TERM'] !== 'dumb'
  const coloured = live && (env['NO_COLOR'] ?? '') === ''
  const paint = (code: number, text: string) => (coloured ? `${ESCAPE}${code}m${text}${ESCAPE}0m` : text)
  const [green, red, grey, bold] = [32, 31, 90, 1].map((code) => (text: string) => paint(code, text))
  const line = (text: string) => void screen.write(`${live ? CLEAR_LINE : ''}${text}\n`)
  const row = (mark: string, text: string, where: string | undefined) =>
    line(`${mark} ${text}${where === undefined ? '' : `\n    ${grey?.(where)}`}`)
  return {
    heading: (text) => line(`\n${bold?.(text)}`),
    good: (text, where) => row(green?.('✔') ?? '', text, where),
    bad: (text, where) => row(red?.('✖') ?? '', text, where),
    detail: (text) => line(`    ${grey?.(text)}`),
    busy(text) {
      if (!live) return
      const room = Math.max(10, (screen.columns || USUAL_COLUMNS) - 3)
      screen.write(`${CLEAR_LINE}${grey?.(`… ${text.slice(0, room)}`)}`)
    },
  }
}
