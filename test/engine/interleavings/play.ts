/** Plays a life of the workspace on a real store through the real engine, and looks at the log after every step. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import type { StoredEvent, StreamId } from '../../../app/domain/event/envelope.ts'
import { createClaimNext } from '../../../app/engine/claim-next.ts'
import type { EffectPayload } from '../../../app/engine/effects.ts'
import { fold } from '../../../app/engine/fold.ts'
import { handleCommand, type AnyCommand, type Engine } from '../../../app/engine/handle-command.ts'
import { heartbeat } from '../../../app/engine/heartbeat.ts'
import { turnKill } from '../../../app/engine/kill-switch.ts'
import { makeRoom } from '../../../app/engine/make-room.ts'
import type { Asked, Outcome } from '../../../app/engine/ports.ts'
import { tickDue } from '../../../app/engine/tick.ts'
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import type { StoreHarness } from '../../contracts/store-harness.ts'
import { USD } from '../../domain/budget/money.ts'
import { ALICE, sha256 } from '../../domain/given.ts'
import { createIds, OPEN_PROJECT } from '../create-engine.ts'
import { addUp, BOTH } from './account-of.ts'
import { claimBy, killOf, placeOf, speaking, wanted } from './carry-out-move.ts'
import type { Move, Step } from './moves.ts'
import { takeTurns } from './turns.ts'
import { Witness } from './witness.ts'
import { actorOf, HOLD, homeOf, keyOf, MINUTE, PROJECTS, SETTINGS, TASKS } from './workspace.ts'

/** How often what came about, over all lives, events with a plus: a law about what never happens says nothing. */
export type Tally = Map<string, number>
const count = (tally: Tally, what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1)

const published = (name: string): ((event: unknown) => boolean) =>
  new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(join(import.meta.dirname, `../../../schemas/${name}.schema.json`), 'utf8')) as object,
  )
const isTaskEvent = published('task-events')
const isProjectEvent = published('project-events')

interface Answer {
  readonly cause: string
  readonly outcome: Outcome
  readonly repeated: boolean
}

export const play = async (harness: StoreHarness, life: readonly Step[], tally: Tally): Promise<void> => {
  const raw = await harness.open()
  const { store, together, commits, conflicts } = takeTurns(raw)
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    schemas: createSchemaJudge(),
    settingsOf: (project) => Promise.resolve(SETTINGS[project] ?? {}) as ReturnType<Engine['settingsOf']>,
  }
  const claimNext = createClaimNext(engine)
  const witness = new Witness()
  const logs = new Map<StreamId, readonly StoredEvent[]>()
  const asked: Asked<AnyCommand>[] = []
  const renewals: Parameters<Witness['renewed']>[] = []
  let causes = 0
  const cause = (): string => `law:${(causes += 1)}`

  const handle = async (one: Asked<AnyCommand>): Promise<Answer> => {
    const { outcome, repeated } = await handleCommand(engine, one)
    return { cause: one.cause, outcome, repeated }
  }
  const ask = (stream: StreamId, command: AnyCommand): Promise<Answer> => {
    const one = { stream, command, actor: ALICE, cause: cause() }
    return handle(one)
  }

  /** What of a move must be known before it begins is looked up here; what it returns begins it. */
  const begin = (move: Move, isAlone: boolean): (() => Promise<Answer | null>) => {
    const want = wanted(witness, move)
    if (want !== null) {
      const { wish, ...rest } = want
      const one = { ...rest, cause: cause() }
      witness.wishes.set(one.cause, wish)
      asked.push(one)
      return () => handle(one)
    }
    switch (move.do) {
      case 'next':
        return async () => {
          const one = { stream: move.project, command: claimBy(move.by, null), actor: actorOf(move.by), cause: cause() }
          const { outcome, repeated } = await claimNext(one)
          return { cause: one.cause, outcome, repeated }
        }
      case 'beat':
        return async () => {
          const stream = placeOf(witness, move.task)
          const { actor, fence } = speaking(witness, move)
          const { live, deadline } = witness.of(stream)
          const said = { percent: move.percent, text: null, phase: null }
          const beat = await heartbeat(engine, stream, fence, actor, said)
          if (!beat.ok) return { cause: '', outcome: beat, repeated: false }
          count(tally, 'beat')
          if (isAlone) {
            // 2: only the holder's, under the live fence, in time.
            expect([live?.holder, harness.now() < deadline]).toEqual([actor.id, true])
            if (fence !== null) expect(fence).toEqual(live?.fence)
            // 7: who has used more than was set aside is told to stop.
            if (BOTH.some((unit) => (live?.above[unit] ?? 0) > 0)) expect(beat.signals.stop).toBeDefined()
          }
          renewals.push([stream, beat.until, live])
          return null
        }
      case 'kill':
      case 'lift-kill':
        return async () => {
          const command = killOf(witness, move)
          const one = { stream: move.project, command, actor: ALICE, cause: cause() }
          return { cause: one.cause, outcome: await turnKill(engine, one), repeated: false }
        }
      case 'raise-epoch':
        return () => ask(move.project, { type: 'raise-epoch', atLeast: 0, reason: 'restored' })
      case 'tick':
        return async () => {
          await tickDue(engine)
          return null
        }
      case 'work-outbox':
        return async () => {
          for (const { key, kind, payload, claim } of await store.outbox.take(100, MINUTE)) {
            if (kind === 'make-room') await makeRoom(engine, payload as EffectPayload['make-room'])
            await store.outbox.done(key, claim)
          }
          return null
        }
      case 'again': {
        const one = asked.at(-1 - move.back)
        if (one === undefined || !isAlone) return () => Promise.resolve(null)
        return async () => {
          const first = await raw.log.findOutcome(one.cause)
          const { outcome, repeated } = await handleCommand(engine, one)
          // 1, 5: whatever was kept under a cause is the answer for good.
          if (first !== null) expect([repeated, outcome]).toEqual([true, first])
          return { cause: one.cause, outcome, repeated }
        }
      }
      default:
        throw new Error(`nobody carries out ${move.do}`)
    }
  }

  const look = async (answers: readonly (Answer | null)[]): Promise<void> => {
    const news = new Map<StreamId, readonly StoredEvent[]>()
    for (const commit of commits()) {
      witness.commit(commit)
      for (const event of commit.events) {
        const isValid = event.stream.startsWith('task/') ? isTaskEvent : isProjectEvent
        expect(isValid(event), `${event.type} is as its schema says`).toBe(true)
        news.set(event.stream, [...(news.get(event.stream) ?? []), event])
      }
    }
    for (const renewal of renewals.splice(0)) witness.renewed(...renewal)
    for (const [stream, events] of news) {
      const before = logs.get(stream) ?? []
      const head = before.at(-1)
      const stored = await raw.log.read(stream, head?.version ?? 0)
      // 1: the log is what was committed, without gaps and in an unbroken chain; 3: the state is a function of it, to the byte.
      expect(stored).toEqual(events)
      const from = { version: head?.version ?? 0, hash: head?.hash ?? GENESIS_HASH }
      expect(firstBrokenLink(sha256, from, stored)).toBeNull()
      const all = [...before, ...stored]
      logs.set(stream, all)
      expect((await raw.log.load(stream)).state).toBe(fold(stream, null, all).state)
    }
    for (const answer of answers) {
      if (answer === null) continue
      const { cause: of, outcome, repeated } = answer
      if (!outcome.ok) {
        const { rejection } = outcome
        count(tally, rejection.code)
        if (rejection.code === 'budget-exceeded') {
          count(tally, `${rejection.unit} of a ${rejection.scope} per ${rejection.period}`)
        }
      } else if (!repeated && outcome.changed !== false) {
        // 1: what is acknowledged is in the log.
        expect(witness.done.get(of)?.[outcome.stream], `${of} is in the log`).toBe(outcome.version)
      }
    }
  }

  const settle = async (): Promise<void> => {
    while ((await tickDue(engine)) > 0) await look([])
    await look([])
  }

  for (const [index, project] of PROJECTS.entries()) {
    const names = { repositoryId: 7 + index, repository: `acme/r${index}`, prefix: index === 0 ? 'DEV' : 'OPS' }
    await ask(project, { ...OPEN_PROJECT, ...names })
  }
  for (const [index, stream] of TASKS.entries()) {
    const number = Number(stream.split('/')[2])
    const named = { project: homeOf(stream), key: keyOf(stream), number, title: 'T', priority: 'p2' } as const
    await ask(stream, { type: 'create-task', ...named })
    const estimate = { microUsd: (1 + (index % 3)) * USD, tokens: 150 + 50 * (index % 4), durationMs: null }
    await ask(stream, { type: 'update-task', changes: { estimate } })
    await ask(stream, { type: 'ready-task' })
  }
  await look([])

  for (const step of life) {
    if ('wait' in step) await harness.advance(step.wait)
    else if ('alone' in step) {
      await look([await begin(step.alone, true)()])
      if (step.alone.do === 'tick') expect(witness.over(harness.now())).toEqual([])
    } else {
      await look(
        await together(
          step.order,
          step.together.map((move) => begin(move, false)),
        ),
      )
    }
  }

  // In the end every lease runs out, every hold ends, and every reservation has been settled exactly once.
  for (let end = 0; end < 3; end += 1) {
    await harness.advance(HOLD + HOLD)
    await settle()
  }
  expect(witness.over(harness.now())).toEqual([])
  expect(witness.grants.filter(({ settled }) => settled === null)).toEqual([])

  // 7: the books are what the events add up to; 3: a rebuild finds nothing to put right, and changes no byte.
  const dump = await raw.projections.dump()
  const { books } = JSON.parse(dump) as { readonly books: Readonly<Record<string, readonly number[]>> }
  const sums = [...addUp(witness.grants)].map(([key, { reserved, spent }]) => [
    key,
    [reserved.microUsd, reserved.tokens, spent.microUsd, spent.tokens],
  ])
  const isSomething = ([, figures]: readonly [string, readonly number[]]): boolean => figures.some((one) => one !== 0)
  const rows = Object.entries(books).map(([key, row]) => [key, row.slice(0, 4)] as const)
  expect(Object.fromEntries(rows.filter(isSomething))).toEqual(
    Object.fromEntries((sums as [string, number[]][]).filter(isSomething)),
  )
  expect(await raw.log.rebuild(fold)).toBe(0)
  expect(await raw.projections.dump()).toBe(dump)

  for (const [type, times] of witness.seen) tally.set(`+${type}`, (tally.get(`+${type}`) ?? 0) + times)
  tally.set('conflicts', (tally.get('conflicts') ?? 0) + conflicts.count)
}
