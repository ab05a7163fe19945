/** What it means that our walk and micromark agree on a text, with the places where they need not. */
import { expect } from 'vitest'
import { plainLines } from '../../../app/inbound/slash/plain-lines.ts'
import { oracleLines } from './micromark-plain-lines.ts'

/** `![…]`, `[…](…)` and `[…][…]` are left out by us whether or not a definition makes them links. */
const STRICTER = /!\[|\]\(|\]\[/

const CODE_INDENT = /(?:^|[\n\r> \t])(?: {4}|\t)/
/** A list that may not interrupt a paragraph: an empty item, or an ordered list that does not start at 1. */
const WEAK_ITEM = String.raw`(?<![^\s>])(?:(?:[-*+]|\d+[.)])[ \t]*(?:[\n\r]|$)|(?!1[.)])\d+[.)][ \t])`
const WEAK_ITEM_ANYWHERE = new RegExp(WEAK_ITEM)
const WEAK_ITEM_BEHIND_MARKER = new RegExp(String.raw`(?:(?<![^\s>])(?:[-*+]|\d+[.)])[ \t]|>)[ \t]*${WEAK_ITEM}`)

/** The specification ends a CDATA block at the first `]]>`; micromark overlooks it behind a third bracket. */
const CDATA_END = /\]\]\]>/

/** A lone tag below a quote or a list item, without its mark: three implementations read it in three ways. */
const LONE_TAG_LINE = /(?:^|[\n\r])[ \t>*+\-\d.)]*<\/?[A-Za-z][^<>\n\r]*>[ \t]*(?:[\n\r]|$)/
const CONTAINER = /(?:^|[\n\r])[ \t]*(?:>|[-*+][ \t]|\d+[.)][ \t])/

/**
 * micromark applies the rule for interrupting a paragraph after indented code and behind another marker as well; cmark,
 * which GitHub runs, and the specification do not. We follow cmark (the examples in the tests hold us to it).
 */
const micromarkDeparts = (text: string): boolean =>
  (CODE_INDENT.test(text) && WEAK_ITEM_ANYWHERE.test(text)) ||
  WEAK_ITEM_BEHIND_MARKER.test(text) ||
  CDATA_END.test(text) ||
  (LONE_TAG_LINE.test(text) && CONTAINER.test(text))

/** Throws where the two disagree; false when the text is one that cannot be compared. */
export const expectAgreement = (text: string): boolean => {
  if (micromarkDeparts(text)) return false
  const ours = plainLines(text)
    .filter((line) => line.text.startsWith('/'))
    .map((line) => line.number)
  const theirs = oracleLines(text)
    .filter((line) => line.plain)
    .map((line) => line.number)
  if (STRICTER.test(text))
    expect({ text, hidden: ours.filter((number) => !theirs.includes(number)) }).toEqual({ text, hidden: [] })
  else expect({ text, lines: ours }).toEqual({ text, lines: theirs })
  return true
}
