/** Findings of a project that answer words: which hold them is asked of the store, the order is the domain's. */
import { askedWords, rankFindings, type Finding } from '../domain/project/findings.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Task } from '../domain/task/state.ts'
import type { Store } from './ports.ts'

const MOST_IN_BRIEF = 20
const MOST_ANSWERED = 50

export const findFindings = async (
  { projections }: Pick<Store, 'projections'>,
  stream: StreamId,
  texts: readonly string[],
): Promise<readonly Finding[]> => {
  const all = (await projections.project(stream))?.findings ?? []
  if (all.length === 0) return []
  const asked = askedWords(texts)
  // Whoever names no word wants the newest.
  if (asked.length === 0) return all.toReversed().slice(0, MOST_ANSWERED)
  const ids = await projections.findings(stream, asked)
  return rankFindings(all, ids, asked).slice(0, MOST_ANSWERED)
}

/** Those that have to do with a task: by its title, its tags, what it links to, and the files whose tests failed. */
export const findingsFor = async (store: Pick<Store, 'projections'>, task: Task): Promise<readonly Finding[]> => {
  const { tags = [], links = [] } = task.details
  const files = task.attempts.at(-1)?.tests?.failures.flatMap(({ file }) => file ?? []) ?? []
  const texts = [task.title, ...tags, ...links.map(({ target }) => target), ...files]
  if (askedWords(texts).length === 0) return []
  return (await findFindings(store, task.project, texts)).slice(0, MOST_IN_BRIEF)
}
