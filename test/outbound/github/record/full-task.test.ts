/** The fullest task that the domain and the catalogue allow, in texts that grow sixfold when they are escaped: its record must fit. */
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../../app/domain/event/envelope.ts'
import { taskEvent } from '../../../../app/domain/task/events.ts'
import { KEPT, MOST } from '../../../../app/domain/task/limits.ts'
import { openRecord } from '../../../../app/outbound/github/record/open-record.ts'
import { MAX_BODY_CHARS } from '../../../../app/outbound/github/record/seal.ts'
import { verifyRecord } from '../../../../app/outbound/github/record/verify-record.ts'
import { chain, created, KEYS, leased, note, PLACE, recordOf, stateOf } from './given.ts'

const hostile = (length: number, n: number): string => `${n}${'<'.repeat(length - String(n).length)}`
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

const evidence = (length: number) => (n: number) =>
  taskEvent('evidence-recorded', {
    evidence: {
      command: hostile(length, n),
      exitCode: 1,
      passed: false,
      attempt: 1,
      headSha: 'a'.repeat(40),
      trust: 'self',
      by: 'bob',
    },
  })
const artifact = (length: number) => (n: number) =>
  taskEvent('artifact-recorded', {
    artifact: {
      kind: 'log',
      name: hostile(length, n),
      url: `https://ci.example/${n}${'&'.repeat(300)}`,
      attempt: 1,
      sha256: 'b'.repeat(64),
      size: 1,
      mediaType: null,
      figures: [],
    },
  })
const blocker = (length: number) => (n: number) =>
  taskEvent('blocker-added', { blocker: { id: n + 1, reason: hostile(length, n), by: 'bob' } })
const depends = (n: number) =>
  taskEvent('dependency-added', { on: { stream: `task/7/${n + 100}`, key: `DEV-${n + 100}` }, settled: false })
/** A report with a hundred failing tests whose messages are each a little too short to leave by themselves. */
const measured = (length: number) =>
  taskEvent('attempt-measured', {
    attempt: 1,
    measures: {
      trust: 'ci',
      durationMs: 1,
      tokens: null,
      costMicroUsd: null,
      model: null,
      tests: {
        total: 100,
        failed: 100,
        skipped: 0,
        failures: times(100, (n) => ({
          name: hostile(300, n),
          file: 'a.ts',
          line: n + 1,
          message: hostile(length, n),
        })),
      },
      run: null,
      logTail: hostile(16_000, 0),
    },
  })

/** Just below and far above the length at which a text leaves by itself. */
test.each([399, 500])(
  'a task that is full of texts of %i characters fits its record and comes back whole',
  (length) => {
    const events: readonly NewEvent[] = [
      created('<'.repeat(256)),
      leased(),
      measured(length),
      ...times(KEPT.evidence, evidence(length)),
      ...times(KEPT.artifacts, artifact(length)),
      ...times(MOST.blockers, blocker(length)),
      ...times(MOST.dependencies, depends),
      ...times(MOST.notes, (n) => note(hostile(length, n))),
    ]
    const stored = chain('task/7/12', events)
    const { body, parts } = recordOf(stored)
    expect(body.length).toBeLessThan(MAX_BODY_CHARS)
    const verdict = verifyRecord(body, { keys: KEYS, place: PLACE })
    if (!verdict.ok) throw new Error(verdict.detail)
    const texts = new Map(parts.map(({ digest, text }) => [digest, text]))
    const opened = openRecord(verdict.record, (digest) => texts.get(digest))
    expect(opened.ok && opened.state).toBe(stateOf(stored))
  },
)
