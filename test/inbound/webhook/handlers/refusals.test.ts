/** A comment that was refused stays refused: when it is delivered or found again, what has changed meanwhile lets nothing through. */
import { describe, expect, it } from 'vitest'
import { onClick } from '../../../../app/inbound/webhook/handlers/check-run.ts'
import { onComment, type CommentSeen } from '../../../../app/inbound/webhook/handlers/issue-comment.ts'
import { commentCause } from '../../../../app/engine/cause.ts'
import type { EffectPayload } from '../../../../app/engine/effects.ts'
import { claim, fail, sha256 } from '../../../domain/given.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const comment = (body: string, over: Partial<CommentSeen> = {}): CommentSeen => ({
  id: 1,
  nodeId: 'IC_1',
  body,
  before: null,
  author: { id: 101, login: 'someone', isBot: false },
  senderId: 101,
  appId: null,
  issue: { number: 1, isPullRequest: false },
  ...over,
})

const given = async () => {
  const test = await givenDeps()
  const { deps, store, clock } = test
  await test.ready(1)
  const say = async (body: string, over?: Partial<CommentSeen>): Promise<string> => {
    // What was taken before is free again.
    clock.pass(60_000)
    await store.outbox.take(100, 30_000)
    await onComment(deps, PLACE, comment(body, over))
    clock.pass(30_000)
    const answer = (await store.outbox.take(100, 30_000))
      .flatMap(({ kind, payload }) => (kind === 'answer' ? [payload as EffectPayload['answer']] : []))
      .find(({ place }) => place.commentId === (over?.id ?? 1))
    if (answer === undefined) throw new Error('no answer')
    const { reaction, text } = answer
    return `${reaction} ${text ?? ''}`.trim()
  }
  return { ...test, say, version: async () => (await store.log.load('task/7/1')).version }
}

describe('a refused command, delivered again', () => {
  it('does not run after its author was given the role', async () => {
    const { say, github, version } = await given()
    github.roles.set('someone', 'read')
    const before = await version()
    const first = await say('/claim')
    expect(first).toContain('`claim` needs the write role here; you have read.')
    github.roles.set('someone', 'admin')
    expect(await say('/claim')).toBe(first)
    expect(await version()).toBe(before)
    // Asked anew, in another comment, it does.
    expect(await say('/claim', { id: 2, nodeId: 'IC_2' })).toBe('rocket')
  })

  it('does not run after the task that it names was made', async () => {
    const { say, github, taskOf, ready } = await given()
    github.roles.set('someone', 'write')
    await ready(3)
    const first = await say('/depends #3 #2')
    expect(first).toContain('#2 is not a task of this project')
    await ready(2)
    expect(await say('/depends #3 #2')).toBe(first)
    expect((await taskOf(1)).dependsOn.map(({ key }) => key)).toEqual(['DEV-3'])
  })

  it('does not become a list of dependencies after its author was given the role', async () => {
    const { say, github, taskOf, ready } = await given()
    await ready(2)
    const first = await say('/depends #2')
    github.roles.set('someone', 'write')
    expect(await say('/depends #2')).toBe(first)
    expect((await taskOf(1)).dependsOn).toEqual([])
  })

  it('with arguments that make no sense stays so, and the words are answered alike', async () => {
    const { say, github, version } = await given()
    github.roles.set('someone', 'write')
    const before = await version()
    for (const [n, line] of ['/claim ttl=soon', '/clami', '/fail class=rate_limit code=build'].entries()) {
      const over = { id: n + 1, nodeId: `IC_${n + 1}` }
      const first = await say(line, over)
      expect(first).toMatch(/^confused \S/)
      expect(await say(line, over)).toBe(first)
    }
    expect(await version()).toBe(before)
  })

  it('that was not understood does not run when a later version understands it', async () => {
    const { say, github, store, version } = await given()
    github.roles.set('someone', 'write')
    const before = await version()
    // What an earlier version kept, of a verb or an argument that it did not know.
    const cause = commentCause('IC_1', 0, sha256('/claim ttl=90m'))
    const outcome = { ok: false, rejection: { code: 'not-understood', verb: 'claim' } } as const
    await store.log.append({ cause, outcome, writes: [], leases: [], guards: [], outbox: [] })
    expect(await say('/claim ttl=90m')).toBe(
      'confused `claim` was not understood when it was written, and a command is read once. Write it again in a new comment.',
    )
    expect(await version()).toBe(before)
  })

  it('keeps no secret that was typed as a command', async () => {
    const { say, store } = await given()
    const secret = `ghp_${'a1B2'.repeat(9)}`
    await say(`/muster ${secret}`)
    const kept = await store.log.findOutcome(commentCause('IC_1', 0, sha256(`/${secret.toLowerCase()}`)))
    expect(kept).toMatchObject({ ok: false, rejection: { code: 'not-understood' } })
    expect(JSON.stringify(kept)).not.toContain('a1B2a1B2')
  })
})

it('a command that ran is answered the same after its author has lost the role', async () => {
  const { say, github, version } = await given()
  github.roles.set('someone', 'write')
  expect(await say('/claim')).toBe('rocket')
  const after = await version()
  github.roles.set('someone', 'read')
  expect(await say('/claim')).toBe('rocket')
  expect(await version()).toBe(after)
})

it('a click that was refused is not carried out when it is delivered again', async () => {
  const { deps, github, ask, taskOf } = await given()
  await ask('task/7/1', claim('alice'))
  await ask('task/7/1', fail({ failure: { class: 'permission_error', message: 'm' } }))
  const click = (delivery: string) =>
    onClick(deps, PLACE, {
      button: 'retry',
      checkRunId: 5,
      externalId: 'task/7/1/attempt/1@1.1',
      appId: deps.appId,
      login: 'someone',
      isBot: false,
      delivery,
    })
  github.roles.set('someone', 'read')
  await click('d1')
  github.roles.set('someone', 'write')
  await click('d1')
  expect((await taskOf(1)).status).toBe('needs_human')
  await click('d2')
  expect((await taskOf(1)).status).toBe('ready')
})
