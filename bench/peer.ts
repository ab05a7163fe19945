/**
 * The same work on Muster and on another task store for agents, in turns, each in processes of its own: tasks made, claimed,
 * given evidence and listed, per second; and what is left of it when two processes do it at once. On request: it installs the
 * peer into a folder that is removed at the end.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder } from './clean-up.ts'
import { against, median, type Figures } from './figures.ts'
import { install } from './peer-install.ts'
import type { Answered, Asked } from './peer-side.ts'
import { PEER, PEER_VERSION } from './peer-work.ts'
import { run } from './running.ts'

const SIZES = [200, 2000] as const
/** Work of one turn, then it is the other's. */
const TURN = 20
/** Of each size's tasks, so many are claimed and given evidence. */
const WORKED_ON = 400
const LISTS = 20
const RACES = 100
/** Rows on one task, in the end. */
const ROWS = 1000

type Ask = (asked: Asked) => Promise<Answered>
type Side = 'ours' | 'peer'
const SIDES: readonly Side[] = ['ours', 'peer']
type OfBoth<Value> = Readonly<Record<Side, Value>>

export const peer = (small: boolean): Promise<Figures> =>
  inFolder(async (dir) => {
    await install(dir, PEER, PEER_VERSION)
    const open = (name: string) => openBoth(join(dir, name), dir)
    const figures: Record<string, Figures[string]> = {}
    for (const size of small ? [TURN * 4] : SIZES)
      Object.assign(figures, await atSize(await open(`size-${size}`), size))
    Object.assign(figures, await onOneTask(await open('one-task'), small ? TURN * 3 : ROWS))
    Object.assign(figures, await raced(await open('race'), await open('race'), small ? TURN : RACES))
    return figures
  })

const openBoth = async (dir: string, installed: string): Promise<OfBoth<Ask>> => {
  mkdirSync(dir, { recursive: true })
  const open = async (side: Side): Promise<Ask> => {
    const running = await run([join(import.meta.dirname, 'peer-side.ts'), side, dir, installed])
    return (asked) => running.ask(asked) as Promise<Answered>
  }
  return { ours: await open('ours'), peer: await open('peer') }
}

/** Who begins changes with every turn. */
const inTurns = async (turns: number, one: (side: Side, turn: number) => Promise<void>): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) {
    for (const side of turn % 2 === 0 ? SIDES : SIDES.toReversed()) await one(side, turn)
  }
}

const atSize = async (ask: OfBoth<Ask>, size: number): Promise<Figures> => {
  const ids: OfBoth<string[]> = { ours: [], peer: [] }
  const rates = createRates()
  await inTurns(size / TURN, async (side, turn) => {
    const together = isTogether(turn)
    const { ms, results } = await ask[side]({ work: 'create', from: 1 + turn * TURN, count: TURN, together })
    ids[side].push(...results.map(String))
    rates.add(nameOf('create', together), side, TURN, ms)
  })
  for (const work of ['claim', 'evidence'] as const) {
    await inTurns(Math.min(size, WORKED_ON) / TURN, async (side, turn) => {
      const some = ids[side].slice(turn * TURN, (turn + 1) * TURN)
      const together = isTogether(turn)
      const { ms, results } = await ask[side]({ work, ids: some, agent: 'a1', together })
      if (results.includes(false)) throw new Error(`${side}: a free task could not be claimed`)
      rates.add(nameOf(work, together), side, TURN, ms)
    })
  }
  for (const work of ['list', 'page'] as const) {
    await inTurns(LISTS, async (side) => rates.add(work, side, 1, (await ask[side]({ work })).ms))
  }
  return rates.figures(String(size))
}

const isTogether = (turn: number): boolean => turn % 4 >= 2
const nameOf = (work: string, together: boolean): string => (together ? `${work}-together` : work)

/** Evidence for one task: what the last rows of many cost. */
const onOneTask = async (ask: OfBoth<Ask>, rows: number): Promise<Figures> => {
  const rates = createRates()
  const ids = { ours: '', peer: '' }
  for (const side of SIDES) {
    ids[side] = String((await ask[side]({ work: 'create', from: 1, count: 1 })).results[0])
    await ask[side]({ work: 'claim', ids: [ids[side]], agent: 'a1' })
  }
  const turns = rows / TURN
  await inTurns(turns, async (side, turn) => {
    const { ms } = await ask[side]({
      work: 'evidence',
      ids: Array.from({ length: TURN }, () => ids[side]),
      agent: 'a1',
    })
    if (turn >= Math.floor(turns * 0.9)) rates.add('evidence', side, TURN, ms)
  })
  return rates.figures(`one-task-${rows}`)
}

/** Two processes of each side at once. Fewer is better for what both have won, and all should be kept. */
const raced = async (first: OfBoth<Ask>, second: OfBoth<Ask>, races: number): Promise<Figures> => {
  const won = { ours: 0, peer: 0 }
  const kept = { ours: 0, peer: 0 }
  for (const side of SIDES) {
    const [one, other] = [first[side], second[side]]
    const { results } = await one({ work: 'create', from: 1, count: races + 1 })
    const [shared = '', ...ids] = results.map(String)
    for (const id of ids) {
      const both = await Promise.all([
        one({ work: 'claim', ids: [id], agent: 'a1' }),
        other({ work: 'claim', ids: [id], agent: 'a2' }),
      ])
      if (both.every(({ results }) => results[0] === true)) won[side] += 1
    }
    await one({ work: 'claim', ids: [shared], agent: 'a1' })
    const rows = Array.from({ length: races }, () => shared)
    await Promise.all([one, other].map((ask) => ask({ work: 'evidence', ids: rows, agent: 'a1' })))
    kept[side] = Number((await one({ work: 'kept', ids: [shared], agent: 'a1' })).results[0])
  }
  return {
    [`peer-race-two-winners-of-${races}`]: against(won.ours, won.peer, 'tasks'),
    [`peer-race-kept-of-${2 * races}`]: against(kept.ours, kept.peer, 'rows'),
  }
}

/** Operations per second of each kind: the middle one of all turns. */
const createRates = () => {
  const all = new Map<string, { ours: number[]; peer: number[] }>()
  return {
    add: (work: string, side: Side, operations: number, ms: number): void => {
      const of = all.get(work) ?? { ours: [], peer: [] }
      of[side].push((operations * 1000) / ms)
      all.set(work, of)
    },
    figures: (of: string): Figures =>
      Object.fromEntries(
        [...all].map(
          ([work, { ours, peer }]) => [`peer-${work}-${of}`, against(median(ours), median(peer), '1/s')] as const,
        ),
      ),
  }
}
