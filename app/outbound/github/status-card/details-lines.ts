/** What a task declares and what its holder said last, in a few lines: phase and progress, when it is due, what it must meet. */
import type { Task } from '../../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import { firstRows } from '../text/rows.ts'
import { renderTime } from './status-words.ts'

const PHASE_CHARS = 60
const WORD_CHARS = 50
const TEXT_CHARS = 200
const SHOWN_TAGS = 20
const ACCEPTANCE_ROOM = 1_500

const code = (word: string): string => `\`${neutraliseCell(word, WORD_CHARS).replaceAll('`', '')}\``

/** In the holder's own words: shown, not believed. */
export const workLine = ({ details }: Task): string | null => {
  const { phase, progress, nextStep, attribution } = details
  const said = [
    phase === undefined
      ? null
      : `**Phase** ${neutraliseLine(phase.name, PHASE_CHARS)} since ${renderTime(phase.since)}`,
    progress === undefined ? null : progressWords(progress),
    nextStep === undefined ? null : `**Then** ${neutraliseLine(nextStep, TEXT_CHARS)}`,
    attribution === undefined
      ? null
      : `**By** ${[attribution.agent, attribution.type, attribution.session]
          .flatMap((word) => (word === null ? [] : [neutraliseLine(word, WORD_CHARS)]))
          .join(', ')}`,
  ].filter((part) => part !== null)
  return said.length === 0 ? null : said.join(' · ')
}

const progressWords = ({ percent, text }: NonNullable<Task['details']['progress']>): string =>
  [
    '**Progress**',
    ...(percent === null ? [] : [`${percent} %`]),
    ...(text === null ? [] : [neutraliseLine(text, TEXT_CHARS)]),
  ].join(' ')

export const dueLine = ({ details }: Task): string | null => {
  const { deadline, tags = [], requires = [] } = details
  const parts = [
    ...(deadline === undefined ? [] : [`**Due** ${renderTime(deadline)}`]),
    ...(tags.length === 0 ? [] : [`**Tags** ${tags.slice(0, SHOWN_TAGS).map(code).join(' ')}`]),
    ...(requires.length === 0 ? [] : [`**Needs** ${requires.slice(0, SHOWN_TAGS).map(code).join(' ')}`]),
  ]
  return parts.length === 0 ? null : parts.join(' · ')
}

export const acceptanceList = ({ details: { acceptance = [] } }: Task): string | null => {
  if (acceptance.length === 0) return null
  const rows = acceptance.map((criterion) => `- ${neutraliseLine(criterion, TEXT_CHARS)}`)
  return ['**Accepted when**', '', ...firstRows(rows, ACCEPTANCE_ROOM, (left) => `- and ${left} more`)].join('\n')
}
