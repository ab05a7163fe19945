/** A place in one line, counted in columns as Markdown counts them: a tab reaches to the next multiple of four. */

const TAB_STOP = 4

export class LineCursor {
  readonly line: string
  /** Index of the next character; a tab that is used up in part is still the next character. */
  #at = 0
  #column = 0
  #nextAt = 0
  #nextColumn = 0

  constructor(line: string) {
    this.line = line
    this.#findNext()
  }

  #findNext(): void {
    let at = this.#at
    let column = this.#column
    for (; at < this.line.length; at++) {
      const unit = this.line[at]
      if (unit === ' ') column++
      else if (unit === '\t') column += TAB_STOP - (column % TAB_STOP)
      else break
    }
    this.#nextAt = at
    this.#nextColumn = column
  }

  /** Index of the next character that is not a blank. */
  get next(): number {
    return this.#nextAt
  }

  /** Columns of blanks before `next`. */
  get indent(): number {
    return this.#nextColumn - this.#column
  }

  /** Nothing but blanks is left. */
  get blank(): boolean {
    return this.#nextAt >= this.line.length
  }

  /** What is left, without leading blanks. */
  get rest(): string {
    return this.line.slice(this.#nextAt)
  }

  /** Skips blanks and `count` characters after them. */
  take(count: number): void {
    this.#at = this.#nextAt + count
    this.#column = this.#nextColumn + count
    this.#findNext()
  }

  /** Skips `columns` columns of blanks, at most `indent`. */
  skip(columns: number): void {
    const target = Math.min(this.#column + columns, this.#nextColumn)
    while (this.#column < target) {
      const width = this.line[this.#at] === '\t' ? TAB_STOP - (this.#column % TAB_STOP) : 1
      if (this.#column + width > target) {
        this.#column = target
        return
      }
      this.#column += width
      this.#at++
    }
  }
}
