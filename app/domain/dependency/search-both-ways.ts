/**
 * Whether one task already depends on another, over however many edges: looked for from both ends at once, always on the side
 * that has cost less so far. It holds no edges: it asks for those at some tasks, so that whoever keeps them can read them.
 */
import type { StreamId } from '../event/envelope.ts'

export interface Edge {
  readonly stream: StreamId
  /** What it depends on. */
  readonly on: StreamId
}

/** `below`: what tasks depend on; `above`: what depends on them. */
export type Side = 'below' | 'above'

export interface Look {
  readonly side: Side
  readonly tasks: readonly StreamId[]
  /** Where there are more edges than this, the answer is null. */
  readonly most: number
}

export interface Standing {
  readonly task: StreamId
  readonly level: number
}

/** An edge as it is seen from the task that was asked about. */
export interface Seen {
  readonly from: StreamId
  readonly to: Standing
}

/** All that lies on one side, as far as it stands between the two ends, both included. */
export interface Searched {
  readonly side: Side
  /** The side's own end first. */
  readonly tasks: readonly Standing[]
  readonly edges: readonly Seen[]
  /** Where the nearest neighbour stands that lies further out than that; null: there is none. */
  readonly beyond: number | null
}

export type Found =
  /** `upper → … → lower`, both included. */
  { readonly path: readonly StreamId[] } | { readonly path: null; readonly searched: Searched }

export type Search = Generator<Look, Found, readonly Seen[] | null>

/** More tasks are not asked about at once. */
const MOST_TASKS = 500
/** Looks grow with what was read, so that there are few of them. */
const FIRST_MOST = 256
const TASKS_FOR_EDGES = 4

/**
 * Whether `upper` depends on `lower`. Along edges that the levels hold, levels fall: nothing outside of the two ends' levels is
 * looked at, and nothing over edges that they do not hold. `everywhere` looks over all edges, at all levels.
 */
export function* searchBothWays(upper: Standing, lower: Standing, { everywhere = false } = {}): Search {
  if (upper.task === lower.task) return { path: [upper.task] }
  const [below, above] = [start('below', upper, lower), start('above', lower, upper)]
  while (true) {
    // Few things depend on a task that has just got its dependencies.
    const at = reckon(above) <= reckon(below) ? above : below
    const other = at === above ? below : above
    const tasks = at.waiting.slice(0, Math.min(MOST_TASKS, at.most / TASKS_FOR_EDGES))
    const answer = yield { side: at.side, tasks, most: at.most }
    at.cost += tasks.length + (answer?.length ?? at.most)
    if (answer === null) {
      at.most *= 2
      continue
    }
    at.waiting.splice(0, tasks.length)
    at.most = Math.max(at.most, at.cost)
    for (const seen of answer) {
      const met = step(at, seen, everywhere)
      if (met && other.cameFrom.has(seen.to.task)) return { path: pathOver(below, above, seen.to.task) }
    }
    if (at.waiting.length === 0) {
      const { side, tasks, edges, beyond } = at
      return { path: null, searched: { side, tasks, edges, beyond } }
    }
  }
}

interface HalfSearch {
  readonly side: Side
  /** 1 upwards. */
  readonly way: 1 | -1
  /** The level of the other end. */
  readonly border: number
  readonly tasks: Standing[]
  readonly levels: Map<StreamId, number>
  readonly cameFrom: Map<StreamId, StreamId | null>
  readonly edges: Seen[]
  readonly waiting: StreamId[]
  beyond: number | null
  most: number
  /** Rows read. */
  cost: number
}

const start = (side: Side, from: Standing, to: Standing): HalfSearch => ({
  side,
  way: side === 'above' ? 1 : -1,
  border: to.level,
  tasks: [from],
  levels: new Map([[from.task, from.level]]),
  cameFrom: new Map([[from.task, null]]),
  edges: [],
  waiting: [from.task],
  beyond: null,
  most: FIRST_MOST,
  cost: 0,
})

const reckon = ({ cost, waiting }: HalfSearch): number => cost + waiting.length

/** Whether the edge leads on. */
const step = (half: HalfSearch, seen: Seen, everywhere: boolean): boolean => {
  const { from, to } = seen
  const { way, border, levels, cameFrom } = half
  if (!everywhere) {
    const isHeld = (to.level - (levels.get(from) ?? to.level)) * way > 0
    if (!isHeld) return false
    if ((to.level - border) * way > 0) {
      half.beyond = half.beyond === null || (half.beyond - to.level) * way > 0 ? to.level : half.beyond
      return false
    }
  }
  half.edges.push(seen)
  if (cameFrom.has(to.task)) return true
  cameFrom.set(to.task, from)
  levels.set(to.task, to.level)
  half.tasks.push(to)
  half.waiting.push(to.task)
  return true
}

const pathOver = (below: HalfSearch, above: HalfSearch, middle: StreamId): readonly StreamId[] => [
  ...walkBack(below, middle).toReversed(),
  ...walkBack(above, middle).slice(1),
]

/** From there to the half's own end. */
const walkBack = ({ cameFrom }: HalfSearch, from: StreamId): readonly StreamId[] => {
  const path: StreamId[] = []
  for (let at: StreamId | null = from; at !== null; at = cameFrom.get(at) ?? null) path.push(at)
  return path
}
