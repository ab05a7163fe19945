import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredEvent } from '../../../../app/domain/event/envelope.ts'
import { GENESIS_HASH } from '../../../../app/domain/event/hash-chain.ts'
import {
  chapterHash,
  encodeChapter,
  endOf,
  readChapter,
  type ReadChapter,
} from '../../../../app/outbound/github/chapters/chapter.ts'
import { draftAgain, nextDraft } from '../../../../app/outbound/github/chapters/draft-chapter.ts'
import { joinChapters } from '../../../../app/outbound/github/chapters/join-chapters.ts'
import { MAX_BODY_CHARS } from '../../../../app/outbound/github/record/seal.ts'
import { chain, created, KEYS, note, OTHER_KEYS, PLACE, ROTATED, STREAM } from '../record/given.ts'

const AT = { stream: STREAM, origin: PLACE, key: 'DEV-12' }
const START = { version: 0, head: GENESIS_HASH }

/** All events in chapters, as bodies. */
const sealAll = (events: readonly StoredEvent[], keys = KEYS): readonly string[] => {
  const bodies: string[] = []
  let earlier: (ReadChapter & { readonly comment: { readonly id: number; readonly nodeId: string } })[] = []
  for (;;) {
    const tip = earlier.at(-1) ?? null
    const start = tip === null ? START : endOf(tip)
    const left = events.filter(({ version }) => version > start.version)
    const draft = nextDraft(tip, start, left, 0)
    if (draft === null) return bodies
    const body = encodeChapter(draft, AT, earlier, keys)
    bodies.push(body)
    earlier = [...earlier, { ...read(body), comment: { id: bodies.length, nodeId: `IC_${bodies.length}` } }]
  }
}

const read = (body: string): ReadChapter => {
  const reading = readChapter(body, { stream: STREAM, place: PLACE, keys: ROTATED })
  if (!reading.ok) throw new Error(`${reading.problem}: ${reading.detail}`)
  return reading.chapter
}

const endsAt = (events: readonly StoredEvent[]) => ({
  version: events.at(-1)?.version ?? 0,
  head: events.at(-1)?.hash ?? GENESIS_HASH,
})

const HOSTILE = ['-->', '<!-- muster:sealed v1 -->', '@everyone', '\n/claim', '\uD800', '\u202E', '😀']

test('whatever the events are, they come back byte for byte from their chapters, in whatever order those are read', () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...HOSTILE), { maxLength: 20 }).map((all) => all.join('')),
    fc.integer({ min: 0, max: 9_000 }).map((length) => '<'.repeat(length)),
    fc.constant('é'.repeat(70_000)),
  )
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (texts) => {
      const events = chain(STREAM, [created(), ...texts.map(note)])
      const bodies = sealAll(events)
      for (const body of bodies) {
        expect(body.length).toBeLessThan(MAX_BODY_CHARS)
        const hidden = body.slice(body.indexOf('<!--') + 4)
        expect(hidden.indexOf('--')).toBe(hidden.length - '-->'.length)
      }
      const chapters = bodies.map(read).toReversed()
      expect(joinChapters(chapters, endsAt(events))).toEqual({ events, older: [] })
    }),
    { numRuns: 25 },
  )
})

test('of the state before its events a chapter says no more than where it was', () => {
  const base = { ...START, state: 'x'.repeat(40_000) }
  const events = chain(STREAM, [created(), note('one')])
  expect(nextDraft(null, base, events, 0)?.from).toEqual(START)
  expect(nextDraft(null, base, chain(STREAM, [created(), note('é'.repeat(70_000))]).slice(1), 0)?.from).toEqual(START)
})

test('a person reads what it is, above the one hidden line', () => {
  const [body = ''] = sealAll(chain(STREAM, [created(), note('one')]))
  const [line, , hidden] = body.split('\n')
  expect(line).toBe(
    '**Chapter 1** of the history of DEV-12: events 1 to 2, kept here by Muster. It never changes, and nothing needs your attention.',
  )
  expect(hidden).toMatch(/^<!-- muster:sealed v1 kid=k1 rev=2 sig=[0-9a-f]{64} \{.*\} -->$/)
})

const LONG = chain(STREAM, [created(), ...Array.from({ length: 200 }, (_, n) => note(`${n} ${'x'.repeat(900)}`))])

test('each chapter names the one before it, by hash and place, and begins where that one ends', () => {
  const chapters = sealAll(LONG).map(read)
  expect(chapters.length).toBeGreaterThan(3)
  for (const [index, chapter] of chapters.entries()) {
    const before = chapters[index - 1]
    expect(chapter.number).toBe(index + 1)
    expect(chapter.from).toEqual(before === undefined ? START : { version: before.rev, head: before.head })
    expect(chapter.previous).toEqual(before === undefined ? null : { hash: before.hash, id: index })
    expect(chapter.earlier).toEqual(Array.from({ length: index }, (_, n) => `IC_${index - n}`))
  }
})

test('a chapter that is made anew, with another key and of other comments, is the same chapter', () => {
  const [, first = ''] = sealAll(LONG)
  const chapter = read(first)
  const again = draftAgain(chapter, LONG)
  if (again === null) throw new Error('not made anew')
  const comment = { id: 999, nodeId: 'IC_other' }
  const body = encodeChapter(again, AT, [{ number: 1, hash: chapter.previous?.hash ?? '', comment }], ROTATED)
  expect(body).not.toBe(first)
  expect(read(body)).toMatchObject({ hash: chapter.hash, events: chapter.events })
})

test('without its events, or with others, it is not made anew', () => {
  const chapter = read(sealAll(LONG)[1] ?? '')
  expect(draftAgain(chapter, LONG.slice(0, chapter.rev - 1))).toBeNull()
  expect(draftAgain(chapter, LONG.slice(chapter.from.version + 1))).toBeNull()
  const others = chain(STREAM, [created('Another'), ...Array.from({ length: 200 }, (_, n) => note(`${n}`))])
  expect(draftAgain(chapter, others) === null).toBe(true)
})

test.each<[string, (body: string) => string]>([
  ['a changed event', (body) => body.replace('note-added', 'note-addeD')],
  ['another number', (body) => body.replace('"number":2', '"number":3')],
  [
    'a shifted beginning',
    (body) => body.replace(/"from":\{"head":"[0-9a-f]{64}"/, `"from":{"head":"${'0'.repeat(64)}"`),
  ],
  ['a changed line above', (body) => body.replace('nothing needs', 'everything needs')],
  ['a second one in it', (body) => `${body}\n${body}`],
  ['a cut end', (body) => body.slice(0, -20)],
])('%s is not believed', (_, change) => {
  const body = change(sealAll(LONG)[1] ?? '')
  expect(readChapter(body, { stream: STREAM, place: PLACE, keys: KEYS }).ok).toBe(false)
})

test('a chapter of another task, of another issue, or signed by somebody else is not believed', () => {
  const [body = ''] = sealAll(LONG)
  const problems = [
    readChapter(body, { stream: 'task/7/13', place: null, keys: KEYS }),
    readChapter(body, { stream: STREAM, place: { ...PLACE, issueId: 1 }, keys: KEYS }),
    readChapter(body, { stream: STREAM, place: PLACE, keys: OTHER_KEYS }),
  ].map((reading) => (reading.ok ? 'believed' : reading.problem))
  expect(problems).toEqual(['wrong-place', 'wrong-place', 'bad-signature'])
})

test('what lies before a missing chapter is kept apart', () => {
  const chapters = sealAll(LONG).map(read)
  const missing = chapters[1]
  const joined = joinChapters(
    chapters.filter((chapter) => chapter !== missing),
    endsAt(LONG),
  )
  expect(joined.events).toEqual(LONG.slice(missing?.rev))
  expect(joined.older).toEqual(LONG.slice(0, missing?.from.version))
})

test('chapters that do not lead to where the record begins give nothing to rest on', () => {
  const chapters = sealAll(LONG).map(read)
  expect(joinChapters(chapters, { version: LONG.length, head: 'f'.repeat(64) }).events).toEqual([])
})

test('a missing stretch of a large event leaves a gap in its place', () => {
  const events = chain(STREAM, [created(), note('<'.repeat(30_000)), note('after')])
  const chapters = sealAll(events).map(read)
  const pieces = chapters.filter(({ piece }) => piece !== undefined)
  expect(pieces.length).toBeGreaterThan(3)
  const joined = joinChapters(
    chapters.filter((chapter) => chapter !== pieces[1]),
    endsAt(events),
  )
  expect(joined).toEqual({ events: events.slice(2), older: events.slice(0, 1) })
})

test('the hash says where a chapter stands, and which came before', () => {
  const [first, second] = sealAll(LONG).map(read)
  if (first === undefined || second === undefined) throw new Error('too few')
  const hashes = [
    second.hash,
    chapterHash(STREAM, second, null),
    chapterHash(STREAM, { ...second, number: 9 }, first.hash),
    chapterHash(STREAM, { ...second, from: START }, first.hash),
    chapterHash('task/7/13', second, first.hash),
  ]
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(chapterHash(STREAM, second, first.hash)).toBe(second.hash)
})
