/** A log written by an older version still replays: changed data through the table of upcasters, added members by being optional. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import type { StoredEvent } from '../../../app/domain/event/envelope.ts'
import { firstBrokenLink, GENESIS_HASH, hashEvent } from '../../../app/domain/event/hash-chain.ts'
import { upcast, UPCASTERS, type Upcasters } from '../../../app/domain/event/upcast.ts'
import { renderEvent } from '../../../app/domain/history/render-event.ts'
import { simulate } from '../../../app/domain/history/simulate.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { TASK_EVENT_VERSION, type TaskEvent } from '../../../app/domain/task/events.ts'
import { foldTask } from '../../../app/engine/fold.ts'
import { taskStateSchema } from '../../../schemas/task-state.ts'
import { TASK_EVENT_SCHEMAS } from '../../../schemas/task-events.ts'
import { replay, sha256 } from '../given.ts'
import { TOUR, histories, play } from '../task/histories.ts'

const having = (event: TaskEvent, data: unknown): TaskEvent => ({ ...event, data }) as TaskEvent

/** As if notes had once been a bare text (1), then a text with its author (2), and were what they are today since (3). */
const EXAMPLE: Upcasters = {
  'note-added': {
    1: (data) => ({ text: data, by: 'unknown' }),
    2: (data) => ({ note: data }),
  },
}

/** The log with notes as that older version would have written them, chained anew. */
const aged = (events: readonly TaskEvent[], version: 1 | 2): readonly StoredEvent[] => {
  let prev = GENESIS_HASH
  return events.map((event) => {
    const old =
      event.type !== 'note-added'
        ? event
        : {
            ...event,
            v: version,
            data: version === 1 ? event.data.note.text : { text: event.data.note.text, by: 'unknown' },
          }
    const { hash: _, ...unhashed } = { ...old, prev }
    prev = hashEvent(sha256, unhashed)
    return { ...unhashed, hash: prev }
  })
}

it('replays to the same task when the data of an event has changed twice since, and its hashes still hold', () => {
  fc.assert(
    fc.property(histories, fc.constantFrom(1 as const, 2 as const), (history, version) => {
      const log = play(history, () => undefined)
      const old = aged(log, version)
      const read = old.map((event) => upcast(event, EXAMPLE) as TaskEvent)
      const nobody = log.map((event) =>
        event.type === 'note-added' ? having(event, { note: { ...event.data.note, by: 'unknown' } }) : event,
      )
      expect(canonicalJson(replay(read))).toBe(canonicalJson(replay(nobody)))
      expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, old)).toBeNull()
      expect(read.map(({ hash }) => hash)).toEqual(old.map(({ hash }) => hash))
    }),
  )
})

it('leaves events of today, and of tomorrow, as they are', () => {
  const [created] = play(TOUR, () => undefined)
  if (created === undefined) throw new Error('an event expected')
  expect(upcast(created, EXAMPLE)).toBe(created)
  const newer = { ...created, type: 'note-added', v: 3 } as StoredEvent
  expect(upcast(newer, EXAMPLE)).toBe(newer)
})

it('knows the way to today from every version that there ever was', () => {
  for (const [type, steps] of Object.entries(UPCASTERS)) {
    expect(Object.keys(TASK_EVENT_SCHEMAS)).toContain(type)
    expect(Object.keys(steps).map(Number)).toEqual(Object.keys(steps).map((_, at) => at + 1))
  }
  expect(TASK_EVENT_VERSION).toBe(1)
})

/** The data without what its schema calls optional: what a version before that member wrote. */
const withoutLater = (schema: z.ZodType, data: unknown): unknown => {
  if (!(schema instanceof z.ZodObject) || typeof data !== 'object' || data === null) return data
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const member = shape[name]
      if (member instanceof z.ZodOptional) return []
      return [[name, member === undefined ? value : withoutLater(member, value)]]
    }),
  )
}

it('replays, tells and simulates what lacks every member that was added later', () => {
  let lacking = 0
  const look = (history: Parameters<typeof play>[0]): void => {
    const log = play(history, () => undefined)
    const old = log.map((event) => {
      // What was declared of a task is optional in itself, and no later member.
      const data = event.type === 'task-updated' ? event.data : withoutLater(TASK_EVENT_SCHEMAS[event.type], event.data)
      if (canonicalJson(data) !== canonicalJson(event.data)) lacking += 1
      return having(event, data)
    })
    const task = foldTask(null, old)
    if (task !== null) expect(taskStateSchema.safeParse(JSON.parse(canonicalJson(task))).error?.issues).toBeUndefined()
    for (const event of old) expect(renderEvent(event)).not.toContain('undefined')
    expect(() => simulate({ base: null, events: old }, DEFAULT_SETTINGS)).not.toThrow()
  }
  look(TOUR)
  fc.assert(fc.property(histories, look))
  expect(lacking).toBeGreaterThan(0)
})
