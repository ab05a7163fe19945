/** Findings as people and agents read them, with where each comes from. Words of others are inert. */
import type { Finding } from '../domain/project/findings.ts'
import { foreign } from './telling.ts'

export const renderFindings = (findings: readonly Finding[]): string =>
  findings.length === 0 ? 'No finding holds these words.' : findings.map(line).join('\n')

const line = ({ id, kind, text, task, attempt, by, at }: Finding): string => {
  const from = `${task.key}${attempt === null ? '' : `, attempt ${attempt}`}`
  return `- **${id}** ${kind}: ${foreign(text)} (${from}, ${foreign(by, 60)}, ${new Date(at).toISOString().slice(0, 10)})`
}
