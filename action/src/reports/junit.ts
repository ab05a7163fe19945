/**
 * Reads JUnit XML of the usual producers. It counts test cases itself and believes a suite's own sums only where the cases
 * are missing: sums call reruns failures. A test that passed in the end is passed.
 */
import { REPORT_LIMITS } from '../../../schemas/report-limits.ts'
import type { ReportTests } from '../../../schemas/report.ts'
import type { JsonObject } from '../json-fields.ts'
import { readFailure, type SuiteContext } from './junit-failure.ts'
import { packageFolders, type RepoPaths } from './repo-path.ts'
import { NO_TESTS, type TestFailure } from './test-report.ts'
import { attribute, childrenOf, parseXml } from './xml.ts'

export type ReadTests =
  | { readonly ok: true; readonly tests: ReportTests; readonly complete: boolean }
  | { readonly ok: false; readonly problem: string }

interface Counts {
  total: number
  failed: number
  errors: number
  skipped: number
  flaky: number
  failures: TestFailure[]
}

/**
 * `reportPath` is relative to the repository, or null when the report lies outside; paths in it may start at its folders.
 * `redact` sees texts before they are cut: half a secret has no shape.
 */
export const readJunit = (
  text: string,
  paths: RepoPaths,
  reportPath: string | null,
  redact: (text: string) => string = (plain) => plain,
): ReadTests => {
  const xml = parseXml(text, 'testcase')
  if (!xml.ok) return xml
  const cases = childrenOf(xml.root, 'testcase')
  const roots = [
    ...childrenOf(xml.root, 'testsuites'),
    ...childrenOf(xml.root, 'testsuite').map(asSuites),
    // A piece of a report, without its frame.
    ...(cases.length > 0 ? [{ testcase: cases }] : []),
  ]
  if (roots.length === 0) return { ok: false, problem: 'it has no <testsuite>; give a JUnit XML file' }
  const counts: Counts = { ...NO_TESTS, failures: [] }
  const context: SuiteContext = { suite: null, file: null, pytest: false, bases: foldersOf(reportPath), redact }
  for (const root of roots) readSuite(root, context, counts, paths)
  return { ok: true, tests: counts, complete: xml.complete }
}

const asSuites = (suite: JsonObject): JsonObject => ({ testsuite: [suite] })

/** `a/target/x/y.xml` may speak of files below `a/target/x`, `a/target` and `a`. */
const foldersOf = (reportPath: string | null): readonly string[] => {
  const parts = (reportPath ?? '').split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
}

const readSuite = (suite: JsonObject, outer: SuiteContext, counts: Counts, paths: RepoPaths): void => {
  const name = attribute(suite, 'name')
  const context: SuiteContext = {
    ...outer,
    suite: name ?? outer.suite,
    file: attribute(suite, 'file') ?? attribute(suite, 'filepath') ?? outer.file,
    pytest: outer.pytest || name === 'pytest',
    bases: [...packageFolders(name), ...outer.bases],
  }
  const before = counts.failed + counts.errors
  const inner = childrenOf(suite, 'testsuite')
  for (const one of inner) readSuite(one, context, counts, paths)
  const cases = childrenOf(suite, 'testcase')
  const passedLater = isGo(suite) ? lastPasses(cases) : null
  for (const [index, one] of cases.entries()) {
    if (passedLater !== null && (passedLater.get(keyOf(one)) ?? -1) > index && problemOf(one) !== null) counts.flaky++
    else readCase(one, context, counts, paths)
  }
  for (const problem of [...childrenOf(suite, 'error'), ...childrenOf(suite, 'failure')]) {
    counts.errors++
    pushFailure(counts, readFailure({ '@name': name ?? 'suite' }, problem, context, paths))
  }
  const claimed = countOf(suite, 'errors') + countOf(suite, 'failures')
  // A suite that broke before its first case has nothing but its sums.
  if (claimed > 0 && inner.length + cases.length === 0 && counts.failed + counts.errors === before) {
    counts.errors += claimed
    pushFailure(counts, readFailure({ '@name': name ?? 'suite' }, {}, context, paths))
  }
}

const countOf = (suite: JsonObject, name: string): number => {
  const count = Number(attribute(suite, name) ?? 0)
  return Number.isSafeInteger(count) && count > 0 ? Math.min(count, 1_000_000) : 0
}

const isGo = (suite: JsonObject): boolean =>
  childrenOf(suite, 'properties')
    .flatMap((properties) => childrenOf(properties, 'property'))
    .some((property) => attribute(property, 'name') === 'go.version')

const keyOf = (one: JsonObject): string => `${attribute(one, 'classname') ?? ''}\n${attribute(one, 'name') ?? ''}`

/** Go has one test of a name: a later case of it is a rerun. */
const lastPasses = (cases: readonly JsonObject[]): ReadonlyMap<string, number> =>
  new Map(cases.flatMap((one, index) => (problemOf(one) === null ? [[keyOf(one), index] as const] : [])))

const problemOf = (one: JsonObject): { readonly kind: 'error' | 'failure'; readonly element: JsonObject } | null => {
  for (const kind of ['failure', 'error'] as const) {
    const element = childrenOf(one, kind)[0]
    if (element !== undefined) return { kind, element }
  }
  const note = attribute(one, 'failure')
  return note === null ? null : { kind: 'failure', element: { '@message': note } }
}

const isSkipped = (one: JsonObject): boolean =>
  childrenOf(one, 'skipped').length > 0 || /^(?:skipped|ignored|disabled|notrun)$/i.test(attribute(one, 'status') ?? '')

const readCase = (one: JsonObject, context: SuiteContext, counts: Counts, paths: RepoPaths): void => {
  const problem = problemOf(one)
  // A test that is still to do may fail: it is reported as both.
  if (isSkipped(one) || problem === null) {
    counts.total++
    if (isSkipped(one)) counts.skipped++
    else if (childrenOf(one, 'flakyFailure').length + childrenOf(one, 'flakyError').length > 0) counts.flaky++
    return
  }
  addProblem(problem.kind, one, problem.element, context, counts, paths)
}

const addProblem = (
  kind: 'error' | 'failure',
  one: JsonObject,
  element: JsonObject,
  context: SuiteContext,
  counts: Counts,
  paths: RepoPaths,
): void => {
  if (counts.failures.length >= REPORT_LIMITS.failures) {
    // Counted only: thousands of failures need not be read to be left out.
    counts.total++
    if (kind === 'failure') counts.failed++
    else counts.errors++
    return
  }
  const failure = readFailure(one, element, context, paths)
  // A case that stands for a whole file or package that did not load is no test.
  const ran = !isLoadFailure(failure)
  if (ran) counts.total++
  if (ran && kind === 'failure') counts.failed++
  else counts.errors++
  pushFailure(counts, failure)
}

const LOAD_FAILURE =
  /\[(?:build|setup) failed\]|^Test suite failed to run|^collection failure|error TS\d{4}:|^Failed to (?:resolve import|load url|collect)|^Transform failed/m

/** Also a case that bears the name of its file. */
const isLoadFailure = (failure: TestFailure): boolean =>
  failure.name === failure.file ||
  LOAD_FAILURE.test(failure.message) ||
  LOAD_FAILURE.test((failure.details ?? '').slice(0, 2_000)) ||
  failure.name.startsWith('Test suite failed to run')

const pushFailure = (counts: Counts, failure: TestFailure): void => {
  if (counts.failures.length < REPORT_LIMITS.failures) counts.failures.push(failure)
}
