/** One line to people about a configuration file that was refused: where it is wrong, and what holds meanwhile. Markdown, inert. */
import { foreign } from '../telling.ts'
import type { RefusedConfiguration } from '../project-of.ts'

export const explainConfiguration = ({ of, problem, more, inForce }: RefusedConfiguration): string => {
  const file = of === 'account' ? "`.github/muster.yml` of the account's `.github` repository" : '`.github/muster.yml`'
  const others = more === 0 ? '' : ` (and ${more} more)`
  const kept = inForce === 'last-good' ? 'The last good one is in force' : 'The defaults are in force'
  return `**The configuration has an error**, line ${problem.line} of ${file}: ${foreign(problem.message)}${others}. ${kept} until it is mended.`
}
