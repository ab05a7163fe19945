import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAILURES, FAILURE_CLASSES } from '../../../../app/domain/failure/taxonomy.ts'
import { attemptCheck } from '../../../../app/outbound/github/checks/attempt-check.ts'
import { CHECK_ACTIONS } from '../../../../app/outbound/github/checks/check-actions.ts'
import { AT, BASE_SHA, HEAD_SHA, aFailedAttempt, aTask, anAttempt } from '../task-fixture.ts'
import { arbitraryTask } from '../replica/arbitrary-task.ts'

const checkOf = (attempt = aFailedAttempt(), task = {}) => {
  const check = attemptCheck(aTask({ attempts: [attempt], ...task }), attempt)
  if (check === null) throw new Error('it stands nowhere')
  return check
}

describe('the check run of an attempt', () => {
  it('names task, attempt and fence', () => {
    expect(checkOf()).toMatchObject({
      name: 'muster / DEV-12 #1',
      externalId: 'task/1/12/attempt/1@1.1',
      headSha: HEAD_SHA,
      title: 'Failed: test_fail, $0.42',
      startedAt: new Date(AT + 1_000).toISOString(),
    })
  })

  it.each(FAILURE_CLASSES)('of a %s ends as the failure table says', (name) => {
    const check = checkOf(aFailedAttempt({ failure: { class: name, message: 'x' } }))
    expect(check.progress).toMatchObject({ status: 'completed', conclusion: FAILURES[name].conclusion })
  })

  it('follows what a code changes of its class', () => {
    const failure = { class: 'test_fail', code: 'build', message: 'x' } as const
    expect(checkOf(aFailedAttempt({ failure }))).toMatchObject({ title: 'Failed: test_fail (build), $0.42' })
  })

  it('never blocks on the base commit', () => {
    const check = checkOf(aFailedAttempt({ headSha: null }))
    expect(check).toMatchObject({ headSha: BASE_SHA, progress: { conclusion: 'neutral' }, annotations: [] })
  })

  it('is open while the attempt lives', () => {
    expect(checkOf(anAttempt({ status: 'leased' })).progress).toEqual({ status: 'queued' })
    expect(checkOf(anAttempt()).progress).toEqual({ status: 'in_progress' })
  })

  it('shows failing lines, but no place outside of the repository', () => {
    const place = (file: string | null, line: number | null) => ({ name: 'rounds', file, line, message: 'no' })
    const failures = [
      place('src/a.js', 3),
      place('/etc/passwd', 1),
      place('../up.js', 1),
      place('C:\\x.js', 1),
      place('src/b.js', null),
      place(null, 4),
      place('a/../../b.js', 2),
    ]
    const tests = { total: 7, failed: 7, skipped: 0, failures }
    expect(checkOf(aFailedAttempt({ tests })).annotations).toEqual([
      { path: 'src/a.js', line: 3, title: 'rounds', message: 'no' },
    ])
  })
})

describe('the log', () => {
  const run = { id: 9, attempt: 1, url: 'https://github.test/runs/9' } as never
  const long = Array.from({ length: 4_000 }, (_, n) => `line ${n}`).join('\n')

  it('is cut between lines, and leads to the rest: the log that was kept, or else the run', () => {
    const text = checkOf(aFailedAttempt({ logTail: long, run })).text ?? ''
    expect(text).toMatch(
      /^The end of the log \(all of it: \[the run\]\(https:\/\/github\.test\/runs\/9\)\):\n\n```text\n… \d+ earlier lines left out\nline \d+\n/,
    )
    expect(text).toMatch(/\nline 3999\n```$/)
    const log = { kind: 'log', name: 'test.log', url: 'https://ci.test/9.log', attempt: 1 }
    const other = { ...log, name: 'other.log', attempt: 2 }
    const kept = checkOf(aFailedAttempt({ logTail: long, run }), { artifacts: [log, other] as never })
    expect(kept.text).toContain('(all of it: [test.log](https://ci.test/9.log))')
  })

  it('leads nowhere when nobody kept more', () => {
    expect(checkOf(aFailedAttempt({ logTail: 'short', run: null })).text).toBe(
      'The end of the log:\n\n```text\nshort\n```',
    )
  })
})

describe('buttons', () => {
  it('are Retry and Escalate after a failure, and Retry, Skip and Fail when a person has to decide', () => {
    expect(checkOf(aFailedAttempt(), { status: 'waiting' }).actions.map(({ label }) => label)).toEqual([
      'Retry',
      'Escalate',
    ])
    const asked = checkOf(aFailedAttempt(), { status: 'needs_human' })
    expect(asked.actions.map(({ label }) => label)).toEqual(['Retry', 'Skip', 'Fail'])
  })

  it('are none on older attempts and closed tasks', () => {
    const first = aFailedAttempt()
    const second = anAttempt({ n: 2, fence: { epoch: 1, n: 2 } })
    expect(attemptCheck(aTask({ attempts: [first, second] }), first)?.actions).toEqual([])
    expect(checkOf(first, { status: 'canceled' }).actions).toEqual([])
  })

  it('keep to GitHub’s bounds', () => {
    for (const { label, description, identifier } of Object.values(CHECK_ACTIONS)) {
      expect(label.length).toBeLessThanOrEqual(20)
      expect(description.length).toBeLessThanOrEqual(40)
      expect(identifier.length).toBeLessThanOrEqual(20)
    }
  })
})

describe('whatever others wrote', () => {
  const TOKEN = `ghp_${'a1'.repeat(18)}`
  const HOSTILE = `x --> <!-- muster:record v1 --> @everyone Closes #1\n/approve\n\`\`\`\n${TOKEN}`

  it('is republished without force', () => {
    const attempt = aFailedAttempt({
      owner: HOSTILE,
      model: HOSTILE,
      logTail: HOSTILE.repeat(3_000),
      failure: { class: 'unknown', message: HOSTILE },
      tests: {
        total: 1,
        failed: 1,
        skipped: 0,
        failures: [{ name: HOSTILE, file: 'a.js', line: 1, message: HOSTILE }],
      },
    })
    const check = checkOf(attempt, { title: HOSTILE })
    for (const text of [check.title, check.summary, check.text ?? '', JSON.stringify(check.annotations)]) {
      expect(text).not.toMatch(/<!--|-->|@everyone|Closes #1|^\/approve|muster:record|ghp_a1a1/m)
    }
    expect(check.text?.match(/```/g)).toHaveLength(2)
  })

  it('fits into GitHub’s bounds', () => {
    fc.assert(
      fc.property(arbitraryTask, fc.string({ unit: 'binary', maxLength: 200 }), (task, text) => {
        for (const attempt of task.attempts) {
          const check = attemptCheck({ ...task, title: text.repeat(400) }, { ...attempt, logTail: text.repeat(500) })
          if (check === null) continue
          expect(check.summary.length).toBeLessThan(65_536)
          expect((check.text ?? '').length).toBeLessThan(65_536)
          expect(check.actions.length).toBeLessThanOrEqual(3)
          for (const { title } of check.annotations) expect(title.length).toBeLessThanOrEqual(255)
        }
      }),
      { numRuns: 30 },
    )
  })
})
