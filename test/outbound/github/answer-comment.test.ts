import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createAnswerComment } from '../../../app/outbound/github/answer-comment.ts'
import { createGitHub } from '../../../app/outbound/github/client.ts'
import { createIssueNodeIds } from '../../../app/outbound/github/facts/issue-node-ids.ts'
import { SEED_KEYS } from '../../sandbox/seed-keys.ts'
import { startSandbox, WIDGETS } from '../../sandbox/start-sandbox.ts'
import { memoryDocuments } from './replica/sandbox-harness.ts'

const realFetch = globalThis.fetch
afterEach(() => {
  globalThis.fetch = realFetch
})

const setUp = async () => {
  const { sandbox, as } = await startSandbox()
  const { json: issue } = await as('alice').post(`${WIDGETS}/issues`, { title: 'A' })
  const { json: comment } = await as('bob').post(`${WIDGETS}/issues/${issue.number}/comments`, { body: '/claim' })
  const documents = memoryDocuments()
  let passed = 0
  const clock = { now: () => Date.now() + passed }
  const github = createGitHub({
    appId: sandbox.seed.muster.id,
    privateKey: SEED_KEYS.muster.privateKey,
    apiUrl: sandbox.url,
    buckets: { take: async () => ({ ok: true }), block: async () => {} },
    clock,
    log: { warn: () => {} },
  })
  const issues = createIssueNodeIds(documents)
  await issues.learn(401, issue.number, issue.node_id)
  const answer = createAnswerComment({ github, documents, issues, clock })
  const place = {
    repository: 'acme/widgets',
    repositoryId: 401,
    installationId: sandbox.seed.installations.muster,
    issue: issue.number as number,
    commentId: comment.id as number,
    commentNodeId: comment.node_id as string,
  }
  const thread = async () => {
    const { json } = await as('alice').get(`${WIDGETS}/issues/${issue.number}/comments`)
    return (json as { id: number; body: string; user: { login: string } }[]).slice(1)
  }
  const reactions = async () => {
    const { json } = await as('alice').get(`${WIDGETS}/issues/comments/${comment.id}/reactions`)
    return (json as { content: string }[]).map(({ content }) => content)
  }
  const pass = (ms: number): void => void (passed += ms)
  return { answer, place, thread, reactions, requests: github.requests, as, sandbox, pass }
}

describe('an answer', () => {
  it('is one request: a reaction, and text when there is some', async () => {
    const { answer, place, thread, reactions, requests } = await setUp()
    await answer({ place, reaction: 'rocket', text: null })
    expect(await reactions()).toEqual(['rocket'])
    expect(await thread()).toEqual([])
    await answer({ place, reaction: 'confused', text: 'DEV-1 is claimed already.' })
    expect(await reactions()).toEqual(['rocket', 'confused'])
    expect(await thread()).toMatchObject([
      { user: { login: 'muster[bot]' }, body: expect.stringContaining('DEV-1 is claimed already.') },
    ])
    expect(requests.byRoute['GraphQL AnswerComment']).toBe(2)
    expect(requests.total).toBe(3)
  })

  it('is edited, not repeated', async () => {
    const { answer, place, thread } = await setUp()
    await answer({ place, reaction: 'confused', text: 'First.' })
    const [first] = await thread()
    await answer({ place, reaction: 'confused', text: 'First.' })
    await answer({ place, reaction: 'rocket', text: 'Second.' })
    const after = await thread()
    expect(after).toHaveLength(1)
    expect(after[0]?.id).toBe(first?.id)
    expect(after[0]?.body.split('\n')[0]).toBe('Second.')
  })

  it('is found again when GitHub’s own answer was lost', async () => {
    const { answer, place, thread } = await setUp()
    let lost = false
    globalThis.fetch = async (input, init) => {
      const reply = await realFetch(input, init)
      const sent = typeof init?.body === 'string' ? init.body : ''
      if (lost || !sent.includes('AnswerComment')) return reply
      lost = true
      await reply.arrayBuffer()
      return new Response('', { status: 502 })
    }
    onTestFinished(() => {
      globalThis.fetch = realFetch
    })
    await expect(answer({ place, reaction: 'confused', text: 'Once.' })).rejects.toMatchObject({ ambiguous: true })
    await answer({ place, reaction: 'confused', text: 'Once.' })
    expect(lost).toBe(true)
    expect(await thread()).toHaveLength(1)
  })

  it('waits for what GitHub does not show yet, rather than being repeated', async () => {
    const { answer, place, thread, sandbox, pass } = await setUp()
    globalThis.fetch = async (input, init) => {
      const reply = await realFetch(input, init)
      if (!(typeof init?.body === 'string' && init.body.includes('AnswerComment'))) return reply
      globalThis.fetch = realFetch
      return new Response('', { status: 502 })
    }
    await expect(answer({ place, reaction: 'confused', text: 'Once.' })).rejects.toMatchObject({ ambiguous: true })
    // Everything that is read is from before.
    Object.assign(sandbox.switches, { staleListShare: 1, staleListMs: 60_000 })
    sandbox.world.random.next = () => 0.99
    await expect(answer({ place, reaction: 'confused', text: 'Once.' })).rejects.toMatchObject({ retryable: true })
    sandbox.switches.staleListShare = 0
    expect(await thread()).toHaveLength(1)
    pass(20_000)
    await answer({ place, reaction: 'confused', text: 'Once.' })
    expect(await thread()).toHaveLength(1)
  })

  it('needs no comment any more: one that was deleted is left in peace', async () => {
    const { answer, place, as, thread } = await setUp()
    await as('bob').delete(`${WIDGETS}/issues/comments/${place.commentId}`)
    await answer({ place, reaction: 'rocket', text: null })
    expect(await thread()).toEqual([])
  })
})
