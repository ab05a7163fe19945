import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as z from 'zod'
import type { ProjectEventData, ProjectEventType } from '../../app/domain/project/project.ts'
import { PROJECT_EVENT_SCHEMAS, projectEventSchema } from '../../schemas/project-events.ts'
import { playProject, projectHistories } from '../domain/project/histories.ts'

// Every event has a schema that reads what the event holds, and every schema an event: the compiler holds both to it.
const EVERY: { readonly [Type in ProjectEventType]: z.ZodType<ProjectEventData[Type]> } = PROJECT_EVENT_SCHEMAS
const NO_OTHER: Readonly<Record<keyof typeof PROJECT_EVENT_SCHEMAS, z.ZodType>> = EVERY

const published = (): ((event: unknown) => boolean) => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/project-events.schema.json'), 'utf8'))
  return new Ajv2020({ strict: false }).compile(schema as object)
}

it('describes every event that any history of a project makes, also as it is published', () => {
  const seen = new Set<string>()
  const isValid = published()
  fc.assert(
    fc.property(projectHistories, (history) => {
      for (const event of playProject(history)) {
        seen.add(event.type)
        expect(EVERY[event.type].safeParse(event.data).error?.issues).toBeUndefined()
        expect(isValid(JSON.parse(JSON.stringify(event)))).toBe(true)
      }
    }),
  )
  // What no history does would be described by nobody.
  expect(Object.keys(NO_OTHER).filter((type) => !seen.has(type))).toEqual([])
})

it('refuses an event that lacks what its type says', () => {
  const isValid = published()
  fc.assert(
    fc.property(projectHistories, (history) => {
      for (const event of playProject(history)) {
        for (const name of Object.keys(event.data)) {
          const { [name]: _, ...data } = event.data as unknown as Record<string, unknown>
          expect(projectEventSchema.safeParse({ ...event, data }).success).toBe(false)
          expect(isValid({ ...event, data })).toBe(false)
        }
      }
    }),
    { numRuns: 20 },
  )
})
