/**
 * What one accepted command costs late in a task's life against early in it: a note, evidence, and a heartbeat with news, in
 * turns on tasks of one SQLite store, through the engine. The histories are put in place, not lived through.
 */
import { join } from 'node:path'
import type { TaskCommand } from '../app/domain/task/commands.ts'
import { KEPT, MOST } from '../app/domain/task/limits.ts'
import { handleCommand, type Engine } from '../app/engine/handle-command.ts'
import { heartbeat } from '../app/engine/heartbeat.ts'
import { parseTask } from '../app/engine/fold.ts'
import type { Store } from '../app/engine/ports.ts'
import { createSqliteStore } from '../app/store/sqlite/create-sqlite-store.ts'
import { after, claimOf, engineOver, fill, put, readyTask, type Written } from './claims-world.ts'
import { inFolder } from './clean-up.ts'
import { against, count, median, type Figures } from './figures.ts'

const FENCE = { epoch: 1, n: 1 } as const
const AGENT = { kind: 'agent', id: 'a1' } as const
const WARM = 4
const TURNS = 60
/** Each turn writes one. */
const NOTES_BEFORE = MOST.notes - WARM - TURNS

const progress = (n: number): TaskCommand => ({
  type: 'report-progress',
  percent: n % 100,
  text: `row ${n} of the table is done`,
  fence: FENCE,
})

const evidence = (n: number): TaskCommand => ({
  type: 'record-evidence',
  command: `npm test -- part-${n % 50}`,
  exitCode: n % 7 === 0 ? 1 : 0,
  headSha: null,
  fence: FENCE,
})

const artifact = (n: number): TaskCommand => ({
  type: 'record-artifact',
  kind: 'log',
  name: `run ${n}`,
  url: `https://ci.example.com/acme/widgets/runs/${n}/log.txt`,
  sha256: null,
  size: 20_000 + n,
  mediaType: 'text/plain',
  figures: [],
  fence: FENCE,
})

const note = (n: number): TaskCommand => ({ type: 'add-note', text: `what was found in file ${n}`, fence: FENCE })

const SHORT = (n: number): TaskCommand => progress(n)

/** Every list that the state keeps is full after the first thousand. */
const FULL = (n: number): TaskCommand => {
  if (n < NOTES_BEFORE) return note(n)
  if (n < NOTES_BEFORE + KEPT.evidence) return evidence(n)
  if (n < NOTES_BEFORE + KEPT.evidence + KEPT.artifacts) return artifact(n)
  return ([progress, evidence, artifact] as const)[n % 3]?.(n) ?? progress(n)
}

/** A task that an agent holds and has written to, with so many events. */
const worked = (n: number, events: number, make: (n: number) => TaskCommand): Written => {
  const at = Date.now()
  const command = (command: TaskCommand, index: number) => ({ command, actor: AGENT, cause: `lived:${n}:${index}`, at })
  const begun: readonly TaskCommand[] = [claimOf(AGENT.id), { type: 'start-attempt', fence: FENCE }]
  const before = readyTask(n)
  const rest = Array.from({ length: events - before.events.length - begun.length }, (_, index) => make(index))
  return after(before, [...begun, ...rest].map(command))
}

const KINDS = {
  note: (engine: Engine, { stream }: Written, n: number) =>
    handleCommand(engine, { stream, command: note(n), actor: AGENT, cause: `more:note:${stream}:${n}` }),
  evidence: (engine: Engine, { stream }: Written, n: number) =>
    handleCommand(engine, { stream, command: evidence(n), actor: AGENT, cause: `more:evidence:${stream}:${n}` }),
  heartbeat: async (engine: Engine, { stream }: Written, n: number) => {
    const beat = await heartbeat(engine, stream, FENCE, AGENT, { percent: n % 100, text: `beat ${n}`, phase: null })
    return { outcome: beat }
  },
} as const

const KIND_NAMES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[]

export const writes = (small: boolean): Promise<Figures> =>
  inFolder(async (dir) => {
    const store = await createSqliteStore({ path: join(dir, 'writes.db'), clock: { now: () => Date.now() } })
    try {
      return await inTurns(store, small ? 1000 : 10_000)
    } finally {
      await store.close()
    }
  })

/** As in an App that has read many other tasks since. */
const forgetStates = (turn: number): void => {
  for (let n = 0; n < 300; n += 1) parseTask(`{"n":[${turn},${n}]}`)
}

const inTurns = async (store: Store, many: number): Promise<Figures> => {
  await fill(store, 1, 0)
  const place = async (task: Written): Promise<Written> => {
    await put(store, task, [{ stream: task.stream, fence: FENCE, until: Date.now() + 86_400_000 }])
    return task
  }
  const late = {
    short: await place(worked(1, many, SHORT)),
    full: await place(worked(2, many, FULL)),
    earlier: await place(worked(3, many / 10, FULL)),
  }
  const engine = engineOver(store)
  const times = new Map<string, number[]>()
  const keep = (name: string, turn: number, took: number): void => {
    if (turn >= WARM) times.set(name, [...(times.get(name) ?? []), took])
  }
  for (let turn = 0; turn < WARM + TURNS; turn += 1) {
    // Each turn another one, so that it stays young.
    const young = await place(worked(100 + turn, 10, SHORT))
    const tasks = Object.entries({ young, ...late })
    const inOrder = [...tasks.slice(turn % tasks.length), ...tasks.slice(0, turn % tasks.length)]
    for (const kind of KIND_NAMES) {
      for (const [name, task] of inOrder) {
        const started = performance.now()
        const { outcome } = await KINDS[kind](engine, task, turn)
        const took = performance.now() - started
        if (!outcome.ok) throw new Error(`${kind}: ${outcome.rejection.code}`)
        keep(`${kind} ${name}`, turn, took)
      }
    }
  }
  for (let turn = 0; turn < WARM + TURNS; turn += 1) {
    const young = await place(worked(1000 + turn, 10, SHORT))
    for (const [name, task] of Object.entries(
      turn % 2 === 0 ? { young, full: late.full } : { full: late.full, young },
    )) {
      forgetStates(turn)
      const started = performance.now()
      const { outcome } = await KINDS.evidence(engine, task, WARM + TURNS + turn)
      keep(`unread ${name}`, turn, performance.now() - started)
      if (!outcome.ok) throw new Error(outcome.rejection.code)
    }
  }
  const of = (kind: string, name: string): number => median(times.get(`${kind} ${name}`) ?? [])
  return Object.fromEntries([
    ...KIND_NAMES.flatMap(
      (kind) =>
        [
          [`${kind}-10k-short`, against(of(kind, 'short'), of(kind, 'young'), 'ms')],
          [`${kind}-10k-full`, against(of(kind, 'full'), of(kind, 'young'), 'ms')],
          [`${kind}-10k-kept`, against(of(kind, 'full'), of(kind, 'earlier'), 'ms')],
        ] as const,
    ),
    ['evidence-10k-unread', against(of('unread', 'full'), of('unread', 'young'), 'ms')],
    ['state-10k-full', count(late.full.state.length / 1024, 'KB')],
  ])
}
