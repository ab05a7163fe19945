/** What the log lets through, whoever's words it is given. */
import { expect, it } from 'vitest'
import { createLog, createPino } from '../../app/log.ts'

const TOKEN = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`

const logged = (fields: Record<string, string | number | null>): string => {
  let lines = ''
  createLog(createPino('debug', { write: (line) => void (lines += line) })).warn('something happened', fields)
  return lines
}

it('is one JSON line of visible characters, without secrets', () => {
  const text = `${TOKEN}\n{"level":"error"}\u2028\u001b[2J\u009b31m\u202eevil\u0000`
  const line = logged({ reason: text, count: 2, none: null })
  expect(line.match(/\n/g)).toHaveLength(1)
  expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
  const entry = JSON.parse(line) as Record<string, unknown>
  expect(entry).toMatchObject({ level: 'warn', msg: 'something happened', count: 2, none: null })
  expect(entry['reason']).toBe('[redacted github-token] {"level":"error"} evil')
})

it('is bounded', () => {
  expect(logged({ reason: 'x'.repeat(100_000) }).length).toBeLessThan(1_200)
})
