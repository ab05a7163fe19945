/** Finds the file and line of a failure in its text: stack frames and `path:line` of the usual test runners. */
import { toRepoPath, type RepoPaths } from './repo-path.ts'

export interface Location {
  readonly file: string
  /** 1-based; null when only the file is known. */
  readonly line: number | null
}

export interface LocationHints {
  /** The test's file as the report's attributes give it, relative to the repository. */
  readonly file: string | null
  /** The line of the attributes, 1-based: mostly where the test begins. */
  readonly line: number | null
  /** Folders that relative paths may start from. */
  readonly bases: readonly string[]
  readonly className: string | null
}

/** Frames worth looking at; the cause is near the top. */
const MAX_FRAMES = 60
const MAX_TEXT = 16_000

/** Path and line are the first two groups. Runs are bounded: texts are hostile. */
const FRAMES: readonly RegExp[] = [
  // Python: File "a/b.py", line 3
  /File "([^"\n]{1,400})", line (\d{1,7})/g,
  // .NET: in C:\a\B.cs:line 3
  /\bin ([^\n:]{0,2}:?[^\n:]{1,400}):line (\d{1,7})/g,
  // JavaScript, Rust, Go, pytest, PHP: a/b.ts:3:7, (file:///a/b.ts:3:7), panicked at tests/x.rs:3:7, b_test.go:3:
  /(?<![\w./\\@:+~-])((?:file:\/\/|[A-Za-z]:[\\/])?[\w./\\@+~-]{0,300}\.[A-Za-z]{1,6}):(\d{1,7})(?!\d)/g,
]
const JAVA_FRAME = /\bat ([\w.$]{1,300})\.[\w$<>]{1,100}\((\w{1,100}\.(?:java|kt|scala|groovy)):(\d{1,7})\)/g
const JAVA_ROOTS = [
  'src/test/java',
  'src/test/kotlin',
  'src/test/scala',
  'src/test/groovy',
  'src/main/java',
  'src',
  'test',
]

/** The best place to show the failure at: the frame in the test's own file, else the first frame in the repository. */
export const findLocation = (text: string, hints: LocationHints, paths: RepoPaths): Location | null => {
  const frames = findFrames(withoutWrapper(text.slice(0, MAX_TEXT)), hints, paths)
  const own = hints.file === null ? undefined : frames.find((frame) => frame.file === hints.file)
  if (own !== undefined) return own
  if (hints.file !== null) return { file: hints.file, line: hints.line }
  return frames[0] ?? null
}

/** node:test wraps what a subtest threw; the wrapper's own frames stand where the subtest was started. */
const withoutWrapper = (text: string): string => {
  if (!text.includes('ERR_TEST_FAILURE')) return text
  const at = text.search(/^ {0,8}cause: /m)
  return at === -1 ? text : text.slice(at)
}

const findFrames = (text: string, hints: LocationHints, paths: RepoPaths): readonly Location[] => {
  const found: { at: number; file: string; line: number }[] = []
  const add = (at: number, file: string | null, line: number): void => {
    if (file !== null && Number.isSafeInteger(line) && line >= 1) found.push({ at, file, line })
  }
  for (const shape of FRAMES) {
    let seen = 0
    for (const match of text.matchAll(shape)) {
      if (++seen > MAX_FRAMES) break
      // A bare name, such as Go's, is the test file's own when that ends so.
      const raw = match[1] ?? ''
      const own = hints.file !== null && !/[\\/]/.test(raw) && hints.file.endsWith(`/${raw}`) ? hints.file : null
      add(match.index, own ?? toRepoPath(raw, paths, hints.bases), Number(match[2]))
    }
  }
  let seen = 0
  for (const match of text.matchAll(JAVA_FRAME)) {
    if (++seen > MAX_FRAMES) break
    const folder = (match[1] ?? '').split('.').slice(0, -1).join('/')
    add(match.index, findJava(`${folder}/${match[2]}`, hints.bases, paths), Number(match[3]))
  }
  return found.toSorted((a, b) => a.at - b.at).map(({ file, line }) => ({ file, line }))
}

const findJava = (path: string, bases: readonly string[], paths: RepoPaths): string | null => {
  for (const root of JAVA_ROOTS) {
    const found = toRepoPath(`${root}/${path}`, paths, bases)
    if (found !== null) return found
  }
  return null
}
