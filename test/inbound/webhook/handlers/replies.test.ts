/** Where Muster answers: whoever speaks to it by name or needs a way in; other bots' commands and other issues are left alone. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Role } from '../../../../app/domain/actor.ts'
import type { EffectPayload } from '../../../../app/engine/effects.ts'
import { onComment } from '../../../../app/inbound/webhook/handlers/issue-comment.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const given = async () => {
  const test = await givenDeps()
  const { deps, store, clock, github } = test
  github.roles.set('someone', 'admin')
  let n = 0
  /** The answer to a comment: its reaction and text, or `silence`. */
  const say = async (body: string, { issue = 1, isBot = false, sent = false } = {}): Promise<string> => {
    n += 1
    clock.pass(60_000)
    if (!sent) await store.outbox.take(100, 30_000)
    await onComment(deps, PLACE, {
      id: n,
      nodeId: `IC_${n}`,
      body,
      before: null,
      author: { id: 101, login: 'someone', isBot },
      senderId: 101,
      appId: null,
      issue: { number: issue, isPullRequest: false },
    })
    if (sent) return ''
    clock.pass(30_000)
    const answer = (await store.outbox.take(100, 30_000))
      .flatMap(({ kind, payload }) => (kind === 'answer' ? [payload as EffectPayload['answer']] : []))
      .find(({ place }) => place.commentId === n)
    return answer === undefined ? 'silence' : `${answer.reaction} ${answer.text ?? ''}`.trim()
  }
  return { ...test, say }
}

describe('on a task', () => {
  it('history is answered folded, with everybody’s words made inert', async () => {
    const { say, ready } = await given()
    await ready(1)
    await say('/note @everyone look <!-- here -->')
    const all = await say('/history')
    expect(all).toMatch(/^rocket <details>\n<summary>DEV-1: 3 events<\/summary>/)
    expect(all).toMatch(/\| 3 \| [-\d: ]+ \| someone \| note: /)
    expect(all).not.toMatch(/@everyone|<!--/)
    const between = await say('/history 2..3')
    expect(between).toContain('notes[0]')
    expect(between).toContain('someone, `note-added` (3)')
    expect(between).not.toMatch(/@everyone|<!--/)
    expect(await say('/history 2..9')).toMatch(/^confused DEV-1 is known here from version 1 to version 3/)
  })

  it.each([
    ['/clame', 'Did you mean `/claim`?'],
    ['/clam', 'Did you mean `/claim`?'],
    ['/muster clame', 'Did you mean `/claim`?'],
    ['/muster frobnicate', 'There is no command frobnicate.'],
  ])('%s is answered', async (line, text) => {
    const { say, ready } = await given()
    await ready(1)
    expect((await say(line)).replaceAll('\u200b', '')).toContain(text)
  })

  it.each([
    '/frobnicate',
    '/approve',
    '/lgtm',
    '/hold',
    '/close',
    '/label bug',
    '/merge',
    '/rebase',
    '/unlock',
    '/Stage',
    '/ask why',
  ])('%s may be another bot’s', async (line) => {
    const { say, ready } = await given()
    await ready(1)
    expect(await say(line)).toBe('silence')
  })

  it('a lease of one’s own is prolonged by claiming it again, and never beyond the limits', async () => {
    const { say, ready, taskOf } = await given()
    await ready(1)
    expect(await say('/claim')).toBe('rocket')
    expect(await say('/claim ttl=2h')).toBe('rocket')
    expect((await taskOf(1)).lease).toMatchObject({ fence: { epoch: 1, n: 1 }, ttlMs: 7_200_000 })
    expect(await say('/claim ttl=9d')).toContain('confused A lease lasts from 30s to 1d here.')
  })
})

describe('on an issue that is no task', () => {
  it('help and task are answered, and what is said to Muster by name', async () => {
    const { say, github, store } = await given()
    expect(await say('/help', { issue: 5 })).toBe('rocket help')
    expect(await say('/muster claim', { issue: 5 })).toBe(
      'confused This issue is not a task. Comment `/task` to make it one.',
    )
    expect(await say('/muster frobnicate', { issue: 5 })).toContain('confused There is no command frobnicate.')
    github.roles.set('someone', 'read')
    expect(await say('/task', { issue: 5 })).toContain('confused `task` needs the triage role here; you have read.')
    expect(await store.projections.task('task/7/5')).toBeNull()
  })

  it('the ledger’s own issue stays without answers', async () => {
    const { say, ask } = await given()
    await ask('project/7', { type: 'open-ledger', issue: 5 })
    for (const line of ['/help', '/muster claim']) expect(await say(line, { issue: 5 })).toBe('silence')
  })

  it('everything else is silence, and bots are never answered', async () => {
    const { say } = await given()
    for (const line of ['/claim', '/show', '/clame', '/ready', 'so\n/retry'])
      expect([line, await say(line, { issue: 5 })]).toEqual([line, 'silence'])
    for (const line of ['/help', '/muster claim']) expect(await say(line, { issue: 5, isBot: true })).toBe('silence')
  })
})

describe('a configuration that was refused', () => {
  const BROKEN = 'key: DEV\nlease:\n  ttl: 1h\nagnets: []\nbudgts: 1\n'
  const LINE =
    '**The configuration has an error**, line 4 of `.github/muster.yml`: unknown key "agnets"; did you mean "agents"? (and 1 more). '

  it('is told once to whoever comes by, then only beside other words, until it is mended', async () => {
    const { say, ready, github, deps } = await given()
    await ready(1)
    expect(await say('/note before')).toBe('rocket')
    github.configuration = BROKEN
    await deps.projects.forgetSettings(7)
    expect(await say('/note one')).toBe(`rocket ${LINE}The last good one is in force until it is mended.`)
    expect(await say('/note two')).toBe('rocket')
    expect(await say('/show')).toContain(`card\n\n${LINE}`)
    // The same problem, read again after a while.
    await deps.projects.forgetSettings(7)
    expect(await say('/note three')).toBe('rocket')
    github.configuration = 'key: DEV\nlease: 5\n'
    await deps.projects.forgetSettings(7)
    expect(await say('/note four')).toMatch(/line 2 of .* lease .*The last good one is in force/)
    github.configuration = 'key: DEV\n'
    await deps.projects.forgetSettings(7)
    expect(await say('/show')).toBe('rocket card')
  })

  it('that was broken from the start leaves the defaults, and its words are inert', async () => {
    const { say, ready, github } = await given()
    await ready(1)
    github.configuration = '"@everyone": 1\n'
    const told = await say('/note one')
    expect(told).toContain('The defaults are in force until it is mended.')
    expect(told).not.toContain('@everyone')
  })
})

describe('while GitHub takes its time', () => {
  const held = async (body: string) => {
    const test = await given()
    await test.ready(1)
    await test.store.outbox.take(100, 30_000)
    const role = Promise.withResolvers<Role>()
    test.deps.facts.roleOf = () => role.promise
    const told = async () => {
      test.clock.pass(60_000)
      const taken = await test.store.outbox.take(100, 30_000)
      return taken.flatMap(({ kind, payload }) =>
        kind === 'answer' ? [(payload as EffectPayload['answer']).reaction] : [],
      )
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    return { told, role, said: test.say(body, { sent: true }) }
  }

  it('a command is shown as seen before it is answered', async () => {
    const { told, role, said } = await held('/note slow')
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
    await vi.advanceTimersByTimeAsync(1_500)
    await vi.waitFor(async () => expect(await told()).toEqual(['eyes']))
    role.resolve('admin')
    await said
    expect(await told()).toEqual(['rocket'])
  })

  it('no later sign that it was seen takes the place of the answer', async () => {
    const { told, role, said } = await held('/note slow')
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
    vi.advanceTimersByTime(1_500)
    role.resolve('admin')
    await said
    expect(await told()).toEqual(['rocket'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
