/**
 * Whole lines of sections within a budget of tokens. The lines have one order of importance that no budget changes, and the
 * longest beginning of it that fits is kept: with more room nothing goes that was there with less.
 */
import { BYTES_PER_TOKEN, utf8Bytes } from './reckon-tokens.ts'

export interface Section {
  /** Null: the head, which stands without one. */
  readonly title: string | null
  /** Without line breaks. */
  readonly lines: readonly string[]
  /** How many bytes of its lines matter as much as its place says; the rest matters least of all. Absent: all. */
  readonly firstBytes?: number
}

/** For the line that says what was left out, and for closing what was cut open; kept free whenever something is left out. */
const NOTE_BYTES = 800

interface Unit {
  readonly section: number
  readonly line: string
}

/** `sections`: the most important first, at most 16 with titles of at most 40 characters. */
export const fitBudget = (sections: readonly Section[], budgetTokens: number): string => {
  const given = sections.filter(({ lines }) => lines.length > 0)
  const units = inOrderOfImportance(given)
  const room = budgetTokens * BYTES_PER_TOKEN
  const whole = kept(given, units, room)
  return whole === units.length
    ? render(given, units)
    : render(given, units.slice(0, kept(given, units, room - NOTE_BYTES)), units)
}

const inOrderOfImportance = (sections: readonly Section[]): readonly Unit[] => {
  const first: Unit[] = []
  const rest: Unit[] = []
  for (const [section, { lines, firstBytes = Number.POSITIVE_INFINITY }] of sections.entries()) {
    let bytes = 0
    for (const line of lines) {
      bytes += utf8Bytes(line) + 1
      // Once one did not fit, those behind it would stand without what they follow.
      if (bytes > firstBytes) rest.push({ section, line })
      else first.push({ section, line })
    }
  }
  return [...first, ...rest]
}

/** How many units fit. */
const kept = (sections: readonly Section[], units: readonly Unit[], room: number): number => {
  const begun = new Set<number>()
  let bytes = 0
  for (const [at, { section, line }] of units.entries()) {
    // A heading has blank lines around it.
    const heading = begun.has(section) ? 0 : utf8Bytes(headingOf(sections[section])) + 4
    bytes += heading + utf8Bytes(line) + 1
    if (bytes > room) return at
    begun.add(section)
  }
  return units.length
}

const headingOf = (section: Section | undefined): string => (section?.title == null ? '' : `## ${section.title}`)

const render = (sections: readonly Section[], shown: readonly Unit[], all: readonly Unit[] = shown): string => {
  const parts = sections.map((section, index) => {
    const lines = shown.filter((unit) => unit.section === index).map(({ line }) => line)
    if (lines.length === 0) return ''
    const isCut = lines.length < section.lines.length
    const text = [...lines, ...(isCut ? closing(lines) : [])].join('\n')
    return section.title === null ? text : `${headingOf(section)}\n\n${text}`
  })
  return [...parts, leftOut(sections, shown, all)].filter((part) => part !== '').join('\n\n')
}

/** A block of code that was cut open would swallow what follows. */
const closing = (lines: readonly string[]): readonly string[] => {
  let open: string | null = null
  for (const line of lines) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1]
    if (mark !== undefined && open === null) open = mark
    else if (mark === open) open = null
  }
  return open === null ? [] : [open]
}

const leftOut = (sections: readonly Section[], shown: readonly Unit[], all: readonly Unit[]): string => {
  if (shown.length === all.length) return ''
  const counts = sections.flatMap(({ title, lines }, index) => {
    const left = lines.length - shown.filter(({ section }) => section === index).length
    return left === 0 ? [] : [`${title ?? 'its beginning'} (${left} ${left === 1 ? 'line' : 'lines'})`]
  })
  return `Left out for want of room: ${counts.join(', ')}.`
}
