/** What the work hands in travels with the report: as JSON, without secrets, within its bounds, and from inside the workspace. */
import { describe, expect, it } from 'vitest'
import { parseReport } from '../../schemas/report.ts'
import { playRun } from './play-run.ts'

const handIn = async (text: string | null, input = 'out.json') => {
  const { json, warnings } = await playRun({
    files: text === null ? { 'other.txt': '' } : { 'out.json': text, 'b/out.json': text },
    inputs: { output: input },
  })
  const parsed = parseReport(json)
  if (!parsed.ok) throw new Error(parsed.problem)
  return { ...parsed.report, warnings }
}

describe('the output', () => {
  it('is the value of the file, without its spaces', async () => {
    const report = await handIn('{ "b": [1, true, null],\n "a": "x" }\n')
    expect(report).toMatchObject({ status: 'succeeded', output: '{"b":[1,true,null],"a":"x"}' })
    expect(await handIn(null, '')).not.toHaveProperty('output')
  })

  it('loses secrets', async () => {
    const token = `ghp_${'a1'.repeat(18)}`
    const { output } = await handIn(JSON.stringify({ [token]: { list: [`key ${token}`] } }))
    expect(output).not.toContain(token)
    expect(output).toContain('"list":["key ')
  })

  it.each([
    ['that is not there', null, 'out.json', '`out.json` is not there'],
    ['that is no JSON', '{', 'out.json', '`out.json` is no JSON that can be read'],
    ['with a number that JSON cannot hold', '1e999', 'out.json', '`out.json` is no JSON that can be read'],
    ['that is nested without end', '['.repeat(32_000) + ']'.repeat(32_000), 'out.json', '`out.json` is'],
    ['that is too long', JSON.stringify('x'.repeat(4_000)), 'out.json', '`out.json` is longer than 4000 characters'],
    ['that is too large', ' '.repeat(70_000), 'out.json', '`out.json` is larger than 65536 bytes'],
    ['that is several files', '1', '**/out.json', '`**/out.json` is more than one file'],
    ['outside the workspace', '1', '/etc/hostname', '`/etc/hostname` lies outside the workspace'],
  ])('%s fails the run as invalid_output and says why', async (_what, text, input, why) => {
    const { status, failure, warnings, ...report } = await handIn(text, input)
    expect(report).not.toHaveProperty('output')
    expect(status).toBe('failed')
    expect(failure).toMatchObject({ class: 'invalid_output', code: 'output_unread' })
    expect(failure?.message).toContain(`The output ${why}`)
    expect(warnings.join()).toContain(why)
  })
})
