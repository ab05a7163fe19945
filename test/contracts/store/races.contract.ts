/** Agents in processes of their own on one database: each race has one winner, the losers know who, and nobody sees the database. */
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import { describe, expect, it } from 'vitest'
import type { StoredEvent, StreamId } from '../../../app/domain/event/envelope.ts'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import { UNITS, type Unit } from '../../../app/domain/budget/books.ts'
import type { Reservation } from '../../../app/domain/budget/reservation.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { Amount } from '../../../app/domain/task/details.ts'
import type { TaskEventData } from '../../../app/domain/task/events.ts'
import type { Lease } from '../../../app/domain/task/state.ts'
import { fold, parseTask } from '../../../app/engine/fold.ts'
import { handleCommand, type AnyCommand, type Engine } from '../../../app/engine/handle-command.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { aDay, budgeted, NONE, USD } from '../../domain/budget/money.ts'
import { OPEN_PROJECT, PROJECT, createIds, task } from '../../engine/create-engine.ts'
import { sha256 } from '../history.ts'
import { race, type RaceAnswer } from '../race.ts'
import { FIRST_MOMENT, type MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

export interface RaceSize {
  readonly processes: number
  readonly agents: number
  readonly tasks: number
  /** Agents that claim a task each, of which the budget pays about a third. */
  readonly paid: number
  readonly writers: number
  readonly writes: number
}

const readyTasks = async (store: Store, count: number, estimateOf?: (n: number) => Amount): Promise<void> => {
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    schemas: createSchemaJudge(),
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
  }
  const ask = (stream: StreamId, command: AnyCommand, cause: string) =>
    handleCommand(engine, { stream, command, actor: { kind: 'user', id: 'alice' }, cause })
  await ask(PROJECT, OPEN_PROJECT, 'open')
  const one = async (n: number): Promise<void> => {
    const create = { type: 'create-task', key: `DEV-${n}`, number: n, title: `Task ${n}`, priority: 'p2' } as const
    await ask(task(n), { ...create, project: PROJECT }, `create:${n}`)
    if (estimateOf !== undefined) {
      const estimate = { ...estimateOf(n), durationMs: null }
      await ask(task(n), { type: 'update-task', changes: { estimate } }, `estimate:${n}`)
    }
    await ask(task(n), { type: 'ready-task' }, `ready:${n}`)
  }
  for (let n = 1; n <= count; n += 1) await one(n)
}

const DAY_OF_RACE = new Date(FIRST_MOMENT).toISOString().slice(0, 10)

const spread = <Item>(items: readonly Item[], over: number): readonly (readonly Item[])[] =>
  Array.from({ length: over }, (_, n) => items.filter((_, index) => index % over === n))

const faultsIn = (answers: readonly RaceAnswer[]) => answers.filter(({ ok }) => ok === undefined)

/** Who was granted each task, by the log alone. */
const winnersOf = async (store: Store, tasks: number): Promise<ReadonlyMap<StreamId, readonly string[]>> => {
  const winners = new Map<StreamId, readonly string[]>()
  for (let n = 1; n <= tasks; n += 1) {
    const events: readonly StoredEvent[] = await store.log.read(task(n))
    expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, events)).toBeNull()
    const granted = events.filter(({ type }) => type === 'lease-granted')
    winners.set(
      task(n),
      granted.map(({ data }) => (data as { readonly lease: Lease }).lease.owner),
    )
  }
  return winners
}

export const racesContract = (make: MakeHarness, size: RaceSize, patienceMs: number): void => {
  const { processes, agents, tasks, paid, writers, writes } = size
  const names = Array.from({ length: agents }, (_, n) => `a${n}`)

  describe('a race between processes', () => {
    const use = useStore(make)

    it(
      `${agents} agents in ${processes} processes for ${tasks} tasks: one winner each, and losers know who`,
      async () => {
        const { store, harness } = await use()
        await readyTasks(store, tasks)
        // The rivals for one task are in different processes.
        const rivals = agents / tasks
        const claims = names.map((agent, n) => ({ agent, stream: task(Math.floor(n / rivals) + 1) }))
        const works = spread(claims, processes).map((some) => ({ what: 'claim', claims: some }) as const)
        const answers = await race(harness.place, works)

        expect(faultsIn(answers)).toEqual([])
        expect(answers).toHaveLength(agents)
        const winners = await winnersOf(store, tasks)
        for (const owners of winners.values()) expect(owners).toHaveLength(1)
        const byCause = new Map(answers.map((answer) => [answer.cause, answer]))
        for (const { agent, stream } of claims) {
          const [winner] = winners.get(stream) ?? []
          const answer = byCause.get(`claim:${agent}`)
          if (agent === winner) expect(answer).toMatchObject({ ok: true, stream })
          else expect(answer).toMatchObject({ ok: false, rejection: { code: 'already-claimed', holder: winner } })
        }
      },
      patienceMs,
    )

    it(
      `${agents} agents in ${processes} processes for whatever of ${tasks} tasks is next: each is given once`,
      async () => {
        const { store, harness } = await use()
        await readyTasks(store, tasks)
        const works = spread(names, processes).map(
          (some) => ({ what: 'claim-next', project: PROJECT, agents: some }) as const,
        )
        const answers = await race(harness.place, works)

        expect(faultsIn(answers)).toEqual([])
        const winners = await winnersOf(store, tasks)
        const told = answers.flatMap((answer) => (answer.ok === true ? [[answer.stream, [answer.cause.slice(5)]]] : []))
        expect(Object.fromEntries(told)).toEqual(Object.fromEntries(winners))
        expect(told).toHaveLength(tasks)
        for (const answer of answers) if (answer.ok === false) expect(answer.rejection.code).toBe('nothing-ready')
      },
      patienceMs,
    )

    it(
      `${paid} agents in ${processes} processes for a day’s budget: granted is what fits, and nothing more would fit`,
      async () => {
        const { store, harness } = await use()
        // Of different sizes, so that what is left is too little for one and enough for another.
        const asks = (n: number): Amount => ({ microUsd: (1 + (n % 3)) * USD, tokens: 100 * (1 + (n % 4)) })
        const whole = Array.from({ length: paid }, (_, n) => asks(n + 1))
        const all = (unit: Unit): number => whole.reduce((sum, ask) => sum + (ask[unit] ?? 0), 0)
        const limit = { microUsd: Math.floor(all('microUsd') / 3), tokens: Math.floor(all('tokens') / 3) }
        const settings = budgeted({
          project: aDay({ ...limit, tokens: null }),
          workspace: { ...aDay(NONE), month: { ...limit, microUsd: null } },
        })
        await readyTasks(store, paid, asks)
        const claims = Array.from({ length: paid }, (_, n) => ({ agent: `a${n}`, stream: task(n + 1) }))
        const works = spread(claims, processes).map((some) => ({ what: 'claim', claims: some, settings }) as const)
        const answers = await race(harness.place, works)

        expect(faultsIn(answers)).toEqual([])
        expect(answers).toHaveLength(paid)
        // By the log alone: what each grant set aside.
        const granted = new Map<StreamId, Reservation>()
        for (const { stream } of claims) {
          for (const { type, data } of await store.log.read(stream)) {
            if (type !== 'lease-granted') continue
            const { reservation } = data as TaskEventData['lease-granted']
            if (reservation === undefined) throw new Error(`${stream} was granted for nothing`)
            expect(granted.has(stream)).toBe(false)
            granted.set(stream, reservation)
          }
        }
        const taken = (unit: Unit): number =>
          [...granted.values()].reduce((sum, reservation) => sum + (reservation[unit] ?? 0), 0)
        const byCause = new Map(answers.map((answer) => [answer.cause, answer]))
        for (const unit of UNITS) expect(taken(unit)).toBeLessThanOrEqual(limit[unit])
        for (const [n, { agent, stream }] of claims.entries()) {
          const answer = byCause.get(`claim:${agent}`)
          const wanted = asks(n + 1)
          if (granted.has(stream)) {
            expect(answer).toMatchObject({ ok: true, stream })
            expect(granted.get(stream)).toMatchObject(wanted)
            continue
          }
          expect(answer).toMatchObject({ ok: false, rejection: { code: 'budget-exceeded' } })
          // Nobody was sent away who would have fitted in.
          expect(UNITS.some((unit) => taken(unit) + (wanted[unit] ?? 0) > limit[unit])).toBe(true)
        }
        // The books say the same, and people were warned of a limit once where it came near.
        const row = async (scope: string, period: string) => (await store.books.read([scope], [period]))[0]
        const day = await row(PROJECT, DAY_OF_RACE)
        const month = await row('workspace/1', DAY_OF_RACE.slice(0, 7))
        expect([day?.reserved.microUsd, month?.reserved.tokens]).toEqual([taken('microUsd'), taken('tokens')])
        const isNear = (unit: Unit): number => (taken(unit) >= Math.ceil(limit[unit] * 0.8) ? 1 : 0)
        expect([day?.warned, month?.warned]).toEqual([isNear('microUsd'), isNear('tokens')])
      },
      patienceMs,
    )

    it(
      `${writers} processes with ${writes} writes each to one task: all that was acknowledged is there`,
      async () => {
        const { store, harness } = await use()
        await readyTasks(store, 1)
        const before = (await store.log.load(task(1))).version
        const works = Array.from(
          { length: writers },
          (_, n) => ({ what: 'write', stream: task(1), writer: `w${n}`, count: writes }) as const,
        )
        const answers = await race(harness.place, works)

        expect(faultsIn(answers)).toEqual([])
        const kept = answers.filter((answer) => answer.ok === true)
        const refused = answers.filter((answer) => answer.ok === false)
        // A task keeps a hundred notes; of everything else all that was written.
        expect(answers).toHaveLength(writers * writes)
        for (const { rejection } of refused) expect(rejection).toMatchObject({ code: 'too-many', what: 'notes' })
        const notes = Array.from({ length: writes }, (_, n) => n).filter((n) => n % 8 === 7).length * writers
        expect(refused).toHaveLength(Math.max(0, notes - 100))

        const events = await store.log.read(task(1))
        expect(events.map(({ version }) => version)).toEqual(events.map((_, n) => n + 1))
        expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, events)).toBeNull()
        const written = events.slice(before).map(({ cause, version }) => [cause, version])
        const acknowledged = kept.map(({ cause, version }) => [cause, version] as const)
        expect(acknowledged.toSorted(([, a], [, b]) => a - b)).toEqual(written)

        const { state } = await store.log.load(task(1))
        expect(state).toBe(fold(task(1), null, events).state)
        const snapshot = parseTask(state)
        const said = (type: string, text: (data: never) => string) =>
          events.filter((event) => event.type === type).map(({ data }) => text(data as never))
        expect(snapshot?.notes.map(({ text }) => text)).toEqual(
          said('note-added', ({ note }: { note: { text: string } }) => note.text),
        )
        expect(snapshot?.artifacts.map(({ name }) => name)).toEqual(
          said('artifact-recorded', ({ artifact }: { artifact: { name: string } }) => artifact.name).slice(-200),
        )
        const tagged = events.findLast(({ type }) => type === 'task-updated')?.data as { readonly changes: object }
        expect(snapshot?.details).toMatchObject(tagged.changes)
      },
      patienceMs,
    )
  })
}
