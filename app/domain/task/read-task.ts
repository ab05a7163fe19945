/** A stored state as today's code expects it. A state that an earlier version wrote lacks what came later: it gets what a new task has. */
import type { Task } from './state.ts'

/** What states did not always have. */
const LATER = { details: {} } as const satisfies Partial<Task>

/** From the canonical JSON of a state that evolve.ts made, of any version. */
export const readTask = (state: string): Task => ({ ...LATER, ...(JSON.parse(state) as Task) })
