/** What a command line answers: lines for people, or one JSON value for scripts, and whether all went well. */

export interface CliResult {
  /** 0: all well. 1: something needs a person. */
  readonly exitCode: 0 | 1 | 2
  readonly lines: readonly string[]
  readonly json: unknown
}

/** What goes to standard output, with its line end. */
export const renderResult = ({ lines, json }: CliResult, asJson: boolean): string =>
  `${asJson ? JSON.stringify(json) : lines.join('\n')}\n`

/** `1 task`, `3 tasks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
