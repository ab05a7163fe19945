/** What a person reads when a line addressed to us is no command: the line, what is wrong, and the next step. Markdown, inert. */

import { neutralise, neutraliseLine } from '../../domain/text/neutralise.ts'
import { explainParseProblem, type ParseProblem } from '../catalogue/parse-problem.ts'
import type { Telling } from '../telling.ts'

const MAX_LINE = 120
const MAX_REPLY = 1_000

/** Somebody's words in a code span of ours, on one line. */
export const renderQuoted = (words: string, max: number = MAX_LINE): string =>
  `\`${neutraliseLine(words.replaceAll('`', "'"), max) || ' '}\``

/** `line`: the command as it was written. */
export const renderParseProblem = (problem: ParseProblem, line: string, telling: Telling): string => {
  const { problem: what, next } = explainParseProblem(problem, telling)
  return `${renderQuoted(line)}: ${neutralise(what, { max: MAX_REPLY })}\n\n${next}`
}
