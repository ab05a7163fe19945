import fc from 'fast-check'
import { micromark } from 'micromark'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import type { Task } from '../../../../app/domain/task/state.ts'
import { fold } from '../../../../app/engine/fold.ts'
import { encodeRecord } from '../../../../app/outbound/github/record/encode-record.ts'
import { openRecord } from '../../../../app/outbound/github/record/open-record.ts'
import { escapeJson } from '../../../../app/outbound/github/record/escape-json.ts'
import { MAX_BODY_CHARS } from '../../../../app/outbound/github/record/seal.ts'
import { verifyRecord } from '../../../../app/outbound/github/record/verify-record.ts'
import type { taskStateSchema } from '../../../../schemas/task-state.ts'
import {
  KEYS,
  PLACE,
  ROTATED,
  STREAM,
  chain,
  created,
  failed,
  leased,
  note,
  readied,
  recordOf,
  stateOf,
  taskOf,
} from './given.ts'

const LIFE = chain(STREAM, [created(), readied(), leased(), failed(), note('seen')])

const read = (body: string) => {
  const verdict = verifyRecord(body, { keys: KEYS, place: PLACE })
  if (!verdict.ok) throw new Error(`${verdict.problem}: ${verdict.detail}`)
  const opened = openRecord(verdict.record)
  if (!opened.ok) throw new Error(`${opened.problem}: ${opened.detail}`)
  return { record: verdict.record, ...opened }
}

test('a record gives back state and events, byte for byte', () => {
  const { body, rev, head } = recordOf(LIFE)
  const { record, state, base, events } = read(body)
  expect({ rev: record.rev, head: record.head }).toEqual({ rev, head })
  expect(state).toBe(stateOf(LIFE))
  expect(base).toBeNull()
  expect(events).toEqual(LIFE)
})

test('the card stands above, the record is one hidden line below', () => {
  const lines = recordOf(LIFE, { card: '### DEV-12\nready\n' }).body.split('\n')
  expect(lines.slice(0, -1)).toEqual(['### DEV-12', 'ready', ''])
  expect(lines.at(-1)).toMatch(/^<!-- muster:record v1 kid=k1 rev=5 sig=[0-9a-f]{64} \{.*\} -->$/)
})

test('the hidden JSON is plain JSON to read', () => {
  const line = recordOf(LIFE).body.split('\n').at(-1) ?? ''
  const json = JSON.parse(line.slice(line.indexOf('{'), -' -->'.length)) as { snapshot: Task }
  expect(json.snapshot).toEqual(taskOf(LIFE))
})

test('the newest key signs and an older key still verifies', () => {
  const { body } = recordOf(LIFE)
  expect(verifyRecord(body, { keys: ROTATED, place: PLACE }).ok).toBe(true)
  expect(recordOf(LIFE, { keys: ROTATED }).body).toContain(' kid=k2 ')
})

test('CRLF line ends, as a browser leaves them, change nothing', () => {
  const { body } = recordOf(LIFE)
  expect(read(body.replaceAll('\n', '\r\n')).state).toBe(stateOf(LIFE))
})

const HOSTILE = [
  '-->',
  '--!>',
  '<!-- muster:record v1 kid=k1 rev=9 sig=x {} -->',
  '@everyone',
  'Closes #1',
  '\n/approve\n',
  ' /claim',
  '&#64;all',
  '\uD800',
  '\uDC00x',
  '\u0000\u001B[31m',
  '\u2028',
  '---->',
  '\\u003c!--',
  '😀',
]

test('no text inside can end the comment, mention, close or command, and every text comes back', () => {
  const text = fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 12 })
    .map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, text, (title, remark) => {
      const events = chain(STREAM, [created(title), note(remark)])
      const { body } = recordOf(events)
      const hidden = body.slice(body.indexOf('<!--') + 4)
      expect(hidden.indexOf('--')).toBe(hidden.length - '-->'.length)
      expect(hidden.slice(0, -3)).not.toMatch(/[<>&@#]|^\/|\s\//)
      expect(read(body).events).toEqual(events)
      expect(read(body).state).toBe(stateOf(events))
    }),
    { numRuns: 300 },
  )
})

test('on GitHub the record is invisible, whatever is in it, and the card above it is not', () => {
  const text = fc.array(fc.oneof(fc.constantFrom(...HOSTILE, '\n\n', '```', '| a |'), fc.string()), { maxLength: 6 })
  fc.assert(
    fc.property(text, (pieces) => {
      const { body } = recordOf(chain(STREAM, [created('t'), note(pieces.join(''))]), {
        card: '### DEV-12\n\n| a |\n|---|',
      })
      const html = micromark(body, { allowDangerousHtml: true })
      const comment = html.indexOf('<!-- muster:record v1 ')
      expect(html.slice(0, comment)).toContain('DEV-12')
      expect(html.slice(comment).indexOf('-->')).toBe(html.slice(comment).trimEnd().length - 3)
    }),
    { numRuns: 100 },
  )
})

test('a card that holds a marker of ours does not spoil the record below it', () => {
  const card = 'look: <!-- muster:record v1 kid=k1 rev=1 sig=0 {} -->'
  expect(read(recordOf(LIFE, { card }).body).state).toBe(stateOf(LIFE))
})

test('escaping keeps the value and is idle on its own result', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = escapeJson(JSON.stringify(text))
      expect(JSON.parse(escaped)).toBe(text)
      expect(escapeJson(escaped)).toBe(escaped)
    }),
  )
})

test('older events are left out when there are too many; the base moves and the state stays whole', () => {
  const events = chain(STREAM, [
    created(),
    ...Array.from({ length: 200 }, (_, n) => note(`note ${n} ${'x'.repeat(100)}`)),
  ])
  const { body, parts } = recordOf(events)
  expect(parts).toEqual([])
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(48 * 1024)
  const { base, events: kept, state } = read(body)
  expect(kept.length).toBeGreaterThan(10)
  expect(kept).toEqual(events.slice(-kept.length))
  expect(state).toBe(stateOf(events))
  expect(base?.version).toBe(events.length - kept.length)
  expect(base?.state).toBe(stateOf(events.slice(0, -kept.length)))
  expect(stateOf(kept, base)).toBe(state)
})

test('a log that begins at an imported base writes the events after it', () => {
  const older = LIFE.slice(0, 2)
  const base = { version: 2, head: older.at(-1)?.hash ?? '', state: stateOf(older) }
  const opened = read(recordOf(LIFE.slice(2), { base }).body)
  expect(opened.base).toEqual(base)
  expect(opened.events).toEqual(LIFE.slice(2))
})

test('events before a gap are not written', () => {
  const gap = [...LIFE.slice(0, 1), ...LIFE.slice(3)]
  const base = { version: 3, head: LIFE[2]?.hash ?? '', state: stateOf(LIFE.slice(0, 3)) }
  expect(read(recordOf(gap, { base }).body).events).toEqual(LIFE.slice(3))
})

test('a log whose base is not known writes the state alone', () => {
  const input = { stream: STREAM, origin: PLACE, epoch: 1, state: stateOf(LIFE), base: null, card: 'card' }
  const { body, rev, head } = encodeRecord({ ...input, events: LIFE.slice(2) }, { keys: KEYS, fold })
  expect({ rev, head }).toEqual({ rev: 5, head: LIFE[4]?.hash })
  expect(read(body)).toMatchObject({ events: [], base: { version: 5, head }, state: stateOf(LIFE) })
})

test('a 70,000-character text is moved out, not cut: the body stays small and the text comes back from its part', () => {
  const long = 'é<--@#'.repeat(12_000)
  const events = chain(STREAM, [created(), note(long), note('short')])
  const { body, parts } = recordOf(events)
  expect(body.length).toBeLessThan(MAX_BODY_CHARS)
  const verdict = verifyRecord(body, { keys: KEYS, place: PLACE })
  if (!verdict.ok) throw new Error(verdict.detail)
  expect(openRecord(verdict.record)).toMatchObject({ ok: false, problem: 'missing-part' })
  const opened = openRecord(verdict.record, (digest) => parts.find((part) => part.digest === digest)?.text)
  expect(opened.ok && opened.state).toBe(stateOf(events))
})

test('a state of any size stays under the limits', () => {
  const events = chain(STREAM, [created(), ...Array.from({ length: 60 }, (_, n) => note(`${n} ${'<'.repeat(4_000)}`))])
  const { body, parts } = recordOf(events)
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(48 * 1024)
  expect(parts.length).toBeGreaterThan(10)
})

test('the schema and the domain name the same members', () => {
  // Held by the compiler: both directions of keys, and every task is a valid wire state.
  type Wire = z.infer<typeof taskStateSchema>
  const keys: Record<keyof Task, true> & Record<keyof Wire, true> extends infer Keys ? keyof Keys : never = 'key'
  const wire: Wire = taskOf(LIFE)
  expect(wire[keys]).toBe('DEV-12')
})
