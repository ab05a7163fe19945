import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskEventType } from '../../app/domain/task/events.ts'
import type * as z from 'zod'
import { TASK_EVENT_SCHEMAS, taskEventSchema } from '../../schemas/task-events.ts'
import { TOUR, histories, play } from '../domain/task/histories.ts'

// Every event has a schema, and every schema an event: the compiler holds both to it.
const EVERY: Readonly<Record<TaskEventType, z.ZodType>> = TASK_EVENT_SCHEMAS
const NO_OTHER: Readonly<Record<keyof typeof TASK_EVENT_SCHEMAS, z.ZodType>> = EVERY

const published = (): ((event: unknown) => boolean) => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/task-events.schema.json'), 'utf8'))
  return new Ajv2020({ strict: false }).compile(schema as object)
}

it('describes every event that any history makes, also as it is published', () => {
  const seen = new Set<string>()
  const isValid = published()
  const look = (history: Parameters<typeof play>[0]): void => {
    for (const event of play(history, () => undefined)) {
      seen.add(event.type)
      expect(EVERY[event.type].safeParse(event.data).error?.issues).toBeUndefined()
      expect(isValid(JSON.parse(JSON.stringify(event)))).toBe(true)
    }
  }
  look(TOUR)
  fc.assert(fc.property(histories, look), { numRuns: 150 })
  // What no history does would be described by nobody.
  expect(Object.keys(NO_OTHER).filter((type) => !seen.has(type))).toEqual([])
})

it('refuses an event that lacks what its type says', () => {
  const isValid = published()
  fc.assert(
    fc.property(histories, (history) => {
      const [created] = play(history, () => undefined)
      if (created === undefined) return
      const { key: _, ...data } = created.data as { key: string }
      expect(taskEventSchema.safeParse({ ...created, data }).success).toBe(false)
      expect(isValid({ ...created, data })).toBe(false)
    }),
    { numRuns: 20 },
  )
})
