/** Makes one failed JUnit test case into what people and check runs are shown of it. */
import { REPORT_LIMITS } from '../../../schemas/report-limits.ts'
import type { JsonObject } from '../json-fields.ts'
import { findLocation } from './find-location.ts'
import { packageFolders, toRepoPath, type RepoPaths } from './repo-path.ts'
import type { TestFailure } from './test-report.ts'
import { attribute, childrenOf, textOf } from './xml.ts'

/** Where a suite stands: what its cases inherit from it. */
export interface SuiteContext {
  readonly suite: string | null
  readonly file: string | null
  readonly pytest: boolean
  readonly bases: readonly string[]
  readonly redact: (text: string) => string
}

const ANSI = /(?![\t\n\r])\p{Cc}\[[0-9;?]{0,32}[A-Za-z]/gu

/** Other control characters, NUL among them, have no meaning in a test's name or message. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu

/** `one` is the case or suite that failed, `problem` its `<failure>` or `<error>`. Texts are redacted, then cut. */
export const readFailure = (
  one: JsonObject,
  problem: JsonObject,
  context: SuiteContext,
  paths: RepoPaths,
): TestFailure => {
  const clean = (text: string): string => context.redact(plain(text))
  const className = attribute(one, 'classname')
  const body = clean(textOf(problem))
  const message = clean(attribute(problem, 'message') ?? '')
  // A message such as `Failed` says nothing; the text does, and output streams are the last resort.
  const text = body || (message.length > 20 ? message : [message, clean(output(one))].join('\n').trim())
  const bases = [...packageFolders(className), ...context.bases]
  const file = findFile(one, className, { ...context, bases }, paths)
  const place = findLocation(
    `${message}\n${text}`,
    { file, line: file === null ? null : lineOf(one, context.pytest), bases, className },
    paths,
  )
  return {
    name: cut(clean(attribute(one, 'name') ?? '') || 'unnamed test', REPORT_LIMITS.name),
    suite: cut(clean(className ?? context.suite ?? ''), REPORT_LIMITS.name) || null,
    file: place?.file ?? null,
    line: place?.line ?? null,
    message: cut(firstOf(message, text) || clean(attribute(problem, 'type') ?? '') || 'failed', REPORT_LIMITS.message),
    details: text === '' || text === message ? null : cut(text, REPORT_LIMITS.details),
  }
}

/** Bounded well above what is kept, so that redaction costs little. */
const MAX_READ = 64_000

const plain = (text: string): string => text.slice(0, MAX_READ).replace(ANSI, '').replace(CONTROLS, '').trim()

const cut = (text: string, max: number): string => text.slice(0, max).toWellFormed()

const EMPTY_WORDS = /^(?:failed|failure|error|test failed|test failure|collection failure|assertion failed)?\.?$/i

const firstOf = (message: string, text: string): string => {
  if (!EMPTY_WORDS.test(message)) return message
  const lines = text.split('\n').map((line) => line.trim())
  return lines.find((line) => line !== '' && !EMPTY_WORDS.test(line) && !/^(?:=== |--- )/.test(line)) ?? message
}

const output = (one: JsonObject): string =>
  ['system-err', 'system-out'].flatMap((name) => childrenOf(one, name).map((stream) => textOf(stream))).join('\n')

/** Attributes of the case, else of its suite, else a class or suite name that is a path. */
const findFile = (
  one: JsonObject,
  className: string | null,
  context: SuiteContext,
  paths: RepoPaths,
): string | null => {
  const given = attribute(one, 'file') ?? attribute(one, 'filepath') ?? context.file
  if (given !== null) return toRepoPath(given, paths, context.bases, true)
  for (const name of [className, context.suite]) {
    if (name !== null && /\.[A-Za-z]{1,5}$/.test(name)) {
      const found = toRepoPath(name, paths, context.bases)
      if (found !== null) return found
    }
  }
  return pythonFile(className, paths)
}

/** `tests.test_sum.TestSum` is `tests/test_sum.py`. */
const pythonFile = (className: string | null, paths: RepoPaths): string | null => {
  if (className === null || !/^\w+(?:\.\w+){0,20}$/.test(className)) return null
  const parts = className.split('.')
  for (let length = parts.length; length > 0 && length > parts.length - 3; length--) {
    const path = `${parts.slice(0, length).join('/')}.py`
    if (paths.exists(path)) return path
  }
  return null
}

/** pytest counts lines from 0. */
const lineOf = (one: JsonObject, pytest: boolean): number | null => {
  const line = Number(attribute(one, 'line') ?? attribute(one, 'lineno') ?? Number.NaN) + (pytest ? 1 : 0)
  return Number.isSafeInteger(line) && line >= 1 ? line : null
}
