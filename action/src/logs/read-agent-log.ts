/**
 * Reads an agent's log in whatever of Claude Code's forms it has: one result object, NDJSON, an indented array of
 * messages, each of them possibly cut off or mixed with other lines. Other formats end as `unknown`, and what breaks off in its first message as
 * `broken`, never as an error.
 */
import { asObject, parseJson } from '../json-fields.ts'
import type { AgentLog, LogFormat } from './agent-log.ts'
import { createClaudeCollector } from './claude-collector.ts'
import { createObjectSplitter } from './split-objects.ts'
import { splitLines } from './split-lines.ts'

/** One message: a tool result with an image is some megabytes. Longer ones are dropped and counted. */
const MAX_MESSAGE = 32 * 1024 * 1024

/** Of a log in no known format: its end is all that can be shown. */
const MAX_TAIL = 16_000

/** Reads the stretches of a log's text in order. Linear in its length; holds at most one message. */
export const readAgentLog = async (chunks: AsyncIterable<string> | Iterable<string>): Promise<AgentLog> => {
  const collector = createClaudeCollector()
  let known = 0
  let readable = 0
  let unreadable = 0
  let sawText = false
  let tail = ''

  const addJson = (text: string): void => {
    const message = asObject(parseJson(text))
    if (message === null) unreadable++
    else {
      readable++
      if (collector.add(message)) known++
    }
  }
  const addTail = (text: string): void => {
    if (known > 0) return
    tail += text
    // Cut seldom, so that a log of a million lines is not copied a million times.
    if (tail.length > 8 * MAX_TAIL) tail = tail.slice(-MAX_TAIL)
  }

  const iterator = toAsync(chunks)[Symbol.asyncIterator]()
  const head = await readHead(iterator)
  const rest = { [Symbol.asyncIterator]: () => iterator }
  const shape = detectShape(head)

  if (shape === 'lines') {
    for await (const line of splitLines(concat(head, rest), MAX_MESSAGE)) {
      if (line === null) {
        unreadable++
        sawText = true
        continue
      }
      const text = line.trim()
      sawText ||= text !== ''
      addTail(`${line.slice(-MAX_TAIL)}\n`)
      if (text.startsWith('{')) addJson(text)
    }
  } else {
    const splitter = createObjectSplitter(MAX_MESSAGE)
    for await (const chunk of concat(head, rest)) {
      sawText ||= chunk.trim() !== ''
      addTail(chunk.slice(-MAX_TAIL))
      for (const piece of splitter.push(chunk)) addJson(piece)
    }
    unreadable += splitter.dropped() + (splitter.isOpen() ? 1 : 0)
  }

  const format: LogFormat =
    known > 0
      ? shape === 'array'
        ? 'claude-array'
        : known === 1
          ? 'claude-json'
          : 'claude-stream'
      : !sawText
        ? 'empty'
        : unreadable > 0 && readable === 0 && BEGINS_AS_JSON.test(head)
          ? 'broken'
          : 'unknown'
  return known > 0
    ? { ...collector.finish(), format, unreadable }
    : { ...NOTHING, lastWords: tail.trim().slice(-MAX_TAIL).toWellFormed(), format, unreadable }
}

const NOTHING = {
  agent: null,
  version: null,
  model: null,
  session: null,
  turns: null,
  terminal: null,
  tokens: null,
  cost: null,
  durationMs: null,
  lastWords: '',
}

/** An object with a name in quotes, or nothing more than its brace. */
const BEGINS_AS_JSON = /^\uFEFF?\s*(?:\[\s*)?\{\s*(?:"|$)/

type Shape = 'lines' | 'array' | 'object'

/** Enough to see the first line of an indented file. */
const HEAD = 4_096

const detectShape = (head: string): Shape => {
  const text = head.replace(/^\uFEFF/, '').trimStart()
  // `[warn] …` is a line of text: an array of messages goes on with a brace, its end, or a line break.
  if (/^\[(?:\s*[\]{]|[ \t]*(?:\r?\n|$))/.test(text)) return 'array'
  if (/^\{[ \t]*(?:\r?\n|$)/.test(text)) return 'object'
  return 'lines'
}

const readHead = async (iterator: AsyncIterator<string>): Promise<string> => {
  let head = ''
  while (head.trimStart().length < HEAD) {
    const next = await iterator.next()
    if (next.done === true) break
    head += next.value
  }
  return head
}

async function* concat(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head.replace(/^\uFEFF/, '')
  yield* rest
}

async function* toAsync(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  yield* chunks
}
