/** What agents declare, hand in, learn and are given over HTTP, through the whole door. */
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../domain/given.ts'
import { givenEndpoint } from './given-endpoint.ts'

const SCHEMA = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } }

const given = async () => {
  const at = await givenEndpoint()
  await at.ready(1)
  const say = (verb: string, args: object = {}, as: 'claude' | 'codex' = 'claude') =>
    at.post({ verb, task: 1, args }, as)
  return { ...at, say }
}

describe('details', () => {
  it('are set together, and a schema that does not work is refused', async () => {
    const { say, taskOf } = await given()
    expect((await say('update', { details: { tags: ['api'], inputSchema: SCHEMA, timeout: '2h' } })).status).toBe(200)
    expect((await taskOf(1)).details).toMatchObject({ tags: ['api'], timeoutMs: 7_200_000 })
    expect(await say('update', { details: { outputSchema: { $ref: 'https://example.com/s.json' } } })).toMatchObject({
      status: 422,
      json: { error: { code: 'invalid-argument', message: expect.stringContaining('outputSchema') } },
    })
    expect(await say('update', { details: { nonsense: 1 } })).toMatchObject({
      status: 400,
      json: { error: { code: 'bad-value' } },
    })
  })

  it('an input that its schema does not allow is claimed by nobody until it is put right', async () => {
    const { say } = await given()
    await say('update', { details: { inputSchema: SCHEMA, input: { n: 'x' } } })
    expect(await say('claim')).toMatchObject({
      status: 422,
      json: { error: { code: 'input-invalid', message: expect.stringContaining(': n must be integer') } },
    })
    await say('update', { details: { input: { n: 1 } } })
    expect((await say('claim')).status).toBe(200)
  })
})

describe('an output', () => {
  it('is refused with what is wrong, and taken once it is right', async () => {
    const { say, taskOf } = await given()
    await say('update', { details: { outputSchema: SCHEMA } })
    const fence = (await say('claim')).json.lease?.fence
    expect(await say('succeed', { fence })).toMatchObject({ status: 422, json: { error: { code: 'output-invalid' } } })
    expect(await say('succeed', { fence, output: { n: '1' } })).toMatchObject({
      status: 422,
      json: { error: { code: 'output-invalid', next: expect.stringContaining('send the same command again') } },
    })
    expect((await say('succeed', { fence, output: { n: 1 } })).status).toBe(200)
    expect(await taskOf(1)).toMatchObject({ status: 'review', details: { output: { n: 1 } } })
  })

  it('of a step goes into the brief of the next attempt', async () => {
    const { say, post } = await given()
    await say('update', { details: { steps: [{ id: 'plan', title: 'Plan it', outputSchema: SCHEMA }] } })
    const fence = (await say('claim')).json.lease?.fence
    expect((await say('step', { do: 'start', id: 'plan', fence })).status).toBe(200)
    expect((await say('step', { do: 'finish', id: 'plan', data: 7, fence })).json.error?.code).toBe('output-invalid')
    expect((await say('step', { do: 'finish', id: 'plan', data: { n: 7 }, fence })).status).toBe(200)
    await say('release', { fence })
    const { brief } = (await post({ verb: 'brief', task: 1 }, 'codex', null)).json
    expect(brief?.text).toContain('- [x] plan: Plan it\n  output: {"n":7}')
  })
})

describe('what an attempt starts from', () => {
  it('is on record, the brief by what was handed out', async () => {
    const { say, post, taskOf, versionOf } = await given()
    await say('claim', { model: 'opus-5', tools: ['claude-code@2.1.0'], runner: 'box-1' })
    const read = () => post({ verb: 'brief', task: 1 }, 'claude', null)
    await post({ verb: 'brief', task: 1 }, 'codex', null)
    expect((await taskOf(1)).attempts[0]?.inputs?.briefSha256).toBeNull()
    const { brief } = (await read()).json
    const [attempt] = (await taskOf(1)).attempts
    expect(attempt).toMatchObject({
      model: 'opus-5',
      inputs: { briefSha256: sha256(brief?.text ?? ''), tools: ['claude-code@2.1.0'], runner: 'box-1' },
    })
    expect(attempt?.inputs?.configSha256).toMatch(/^[0-9a-f]{64}$/)
    const version = await versionOf(1)
    expect((await read()).json.brief?.text).toBe(brief?.text)
    expect(await versionOf(1)).toBe(version)
  })

  it('a brief fits the budget that was asked for', async () => {
    const { post } = await given()
    for (const budget of [499, 100_001]) {
      expect((await post({ verb: 'brief', task: 1, args: { budget } }, 'claude', null)).status).toBe(422)
    }
    expect((await post({ verb: 'brief', task: 1, args: { budget: 500 } }, 'claude', null)).status).toBe(200)
  })
})

describe('findings', () => {
  it('are learned on one task and stand in the brief of another that has to do with them', async () => {
    const { post, ready, say } = await given()
    await ready(2)
    const learn = (kind: string, text: string) => say('finding', { kind, text })
    expect((await learn('gotcha', 'a task of this kind needs the @bob token')).status).toBe(200)
    await learn('decision', 'we use tabs')
    const { brief } = (await post({ verb: 'brief', task: 2 }, 'codex', null)).json
    expect(brief?.text).toContain('## Findings\n\n- gotcha: a task of this kind')
    expect(brief?.text).not.toContain('tabs')
    const found = (await post({ verb: 'findings', task: 1, args: { words: 'TABS token' } }, 'codex', null)).json.text
    expect(found).toMatch(/^- \*\*2\*\* decision: we use tabs \(DEV-1, claude, [^)]+\)\n- \*\*1\*\* gotcha/)
    expect(found).not.toContain('@bob')
    expect((await post({ verb: 'findings', task: 1, args: { words: 'nothing' } }, 'codex', null)).json.text).toBe(
      'No finding holds these words.',
    )
  })
})
