import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readFileSync } from 'node:fs'
import { InputFault } from '../../../action/src/inputs/input-fault.ts'
import { parseSettings } from '../../../action/src/inputs/settings.ts'

const settings = (inputs: Readonly<Record<string, string>>) => parseSettings((name) => inputs[name] ?? '')

describe('parseSettings', () => {
  it('has a default for everything', () => {
    expect(settings({})).toEqual({
      agentLog: null,
      agentStderr: null,
      agent: null,
      model: null,
      testReports: [],
      benchmarks: [],
      artifacts: [],
      output: null,
      includeFiles: true,
      task: null,
      attempt: null,
      exitCode: null,
      startedAt: null,
      durationMs: null,
      timeoutMs: null,
      canceled: false,
      jobFailed: false,
      failOnFailure: false,
      annotate: false,
      reportName: null,
      matrixLeg: null,
      upload: true,
      secrets: [],
    })
  })

  it('reads lists, times, spans and switches', () => {
    expect(
      settings({
        'test-reports': ' a/*.xml \n\n# later\nb.xml\r\n',
        benchmarks: 'smaller: time.json\nout.json',
        artifacts: 'diff: change.diff\nscreenshot: https://x.test/a.png',
        'include-files': 'false',
        task: 'DEV-12',
        attempt: '2',
        'exit-code': '137',
        'started-at': '2026-11-21T06:00:00Z',
        duration: '1500ms',
        timeout: '30m',
        'job-status': 'cancelled',
        'fail-on-failure': 'yes',
      }),
    ).toMatchObject({
      testReports: ['a/*.xml', 'b.xml'],
      benchmarks: [
        { direction: 'smaller', pattern: 'time.json' },
        { direction: 'unknown', pattern: 'out.json' },
      ],
      artifacts: [
        { kind: 'diff', source: 'change.diff' },
        { kind: 'screenshot', source: 'https://x.test/a.png' },
      ],
      includeFiles: false,
      task: { key: 'DEV-12', number: 12 },
      attempt: 2,
      exitCode: 137,
      startedAt: Date.UTC(2026, 10, 21, 6),
      durationMs: 1500,
      timeoutMs: 1_800_000,
      canceled: true,
      jobFailed: false,
      failOnFailure: true,
    })
    expect(settings({ task: '#7' }).task).toEqual({ key: null, number: 7 })
    expect(settings({ 'started-at': '1790000000' }).startedAt).toBe(1_790_000_000_000)
    expect(settings({ 'started-at': '1790000000123' }).startedAt).toBe(1_790_000_000_123)
  })

  it.each([
    ['task', 'dev 12', 'Give its key'],
    ['attempt', '0', 'Give the number'],
    ['exit-code', '0x1', 'Give the exit code'],
    ['annotate', '1', 'true or false'],
    ['started-at', 'yesterday', '`date -Is`'],
    ['duration', '90', 'with its unit'],
    ['timeout', 'long', 'with its unit'],
    ['fail-on-failure', 'maybe', 'true or false'],
    ['report-name', 'a/b', 'letters'],
    ['matrix', '24', 'Leave it out'],
    ['artifacts', 'out/*.png', 'screenshot: '],
    ['artifacts', 'movie: a.mp4', 'kinds are diff'],
    ['artifacts', 'log: http://x.test/', 'https://'],
  ])('refuses %s: %s, with the next step and without the value', (name, value, next) => {
    const attempt = () => settings({ [name]: value })
    expect(attempt).toThrow(InputFault)
    expect(attempt).toThrow(`Input \`${name}\``)
    expect(attempt).toThrow(next)
    expect(attempt).not.toThrow(`"${value}"`)
  })

  it('takes exit codes as shells of Windows print them', () => {
    for (const code of ['3221225786', '-1073741510', '0'])
      expect(settings({ 'exit-code': code }).exitCode).toBe(Number(code))
  })

  it('names a leg of a matrix after its values, each leg differently', () => {
    const leg = (matrix: unknown) => settings({ matrix: JSON.stringify(matrix) }).matrixLeg
    expect(leg({ node: 24, os: 'ubuntu-latest' })).toBe('24_ubuntu-latest')
    expect([leg(null), leg({})]).toEqual([null, null])
    const odd = [{ a: 'x/y' }, { a: 'x y' }, { a: 'x-y' }, { a: { b: 1 } }, { a: { b: 2 } }, { a: ':' }]
    const long = [{ a: `${'n'.repeat(200)}1` }, { a: `${'n'.repeat(200)}2` }]
    const legs = [...odd, ...long].map(leg)
    expect(new Set(legs).size).toBe(legs.length)
    for (const name of legs) expect(name).toMatch(/^[\w.-]{1,69}$/)
  })

  it('reads exactly the inputs that action.yml documents', () => {
    const asked = new Set<string>()
    parseSettings((name) => (asked.add(name), ''))
    const manifest = parse(readFileSync('action.yml', 'utf8')) as { inputs: Record<string, { description: string }> }
    expect([...asked].toSorted()).toEqual(Object.keys(manifest.inputs).toSorted())
    for (const { description } of Object.values(manifest.inputs)) expect(description).toMatch(/\.$/)
  })
})
