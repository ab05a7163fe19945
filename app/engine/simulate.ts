/** A project's log under other settings, task by task. Only reads: nothing that is recorded changes. */
import type { StreamId } from '../domain/event/envelope.ts'
import { simulate, type Divergence } from '../domain/history/simulate.ts'
import { costsOverTime, usualOverTime, type CostKnown } from '../domain/history/usual-over-time.ts'
import type { Settings } from '../domain/settings.ts'
import { historyOf } from './history.ts'
import type { Store } from './ports.ts'

export interface SimulatedProject {
  /** How many decisions were made again. */
  readonly looked: number
  /** In the order of time. */
  readonly divergences: readonly Divergence[]
  /** Tasks whose first events are not in this log: of these only what is there was looked at. */
  readonly cut: readonly string[]
}

export const simulateProject = async (
  { log, projections }: Pick<Store, 'log' | 'projections'>,
  project: StreamId,
  settings: Settings,
): Promise<SimulatedProject> => {
  let looked = 0
  const divergences: Divergence[] = []
  const cut: string[] = []
  const tasks = await projections.tasks(project)
  const known: CostKnown[] = []
  for (const { stream } of tasks) {
    const history = await historyOf(log, stream)
    if (history !== null) known.push(...costsOverTime(history))
  }
  const usualBefore = usualOverTime(known)
  for (const { stream, key } of tasks) {
    const history = await historyOf(log, stream)
    if (history === null) continue
    if (history.base !== null) cut.push(key)
    const simulated = simulate(history, settings, usualBefore)
    looked += simulated.looked
    divergences.push(...simulated.divergences)
  }
  const inTime = (a: Divergence, b: Divergence): number =>
    a.at - b.at || (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.version - b.version)
  return { looked, divergences: divergences.sort(inTime), cut }
}
