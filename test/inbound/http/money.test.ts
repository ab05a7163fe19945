/** Money over HTTP: what an agent is told when a budget, a quota or its own reservation is used up. */
import { describe, expect, it } from 'vitest'
import { budgeted, aDay, report, usd, USD } from '../../domain/budget/money.ts'
import { handOutBrief } from '../../../app/engine/hand-out-brief.ts'
import { ALICE } from '../../domain/given.ts'
import { task } from '../../engine/create-engine.ts'
import { givenEndpoint } from './given-endpoint.ts'

const claimed = async (post: Awaited<ReturnType<typeof givenEndpoint>>['post']): Promise<string> => {
  const { json } = await post({ verb: 'claim', task: 1 })
  return json.lease?.fence ?? ''
}

describe('money', () => {
  it('that is used up is told with the limit, when it resets and what to do', async () => {
    const { post, ready } = await givenEndpoint(budgeted({ project: aDay(usd(1)), task: usd(0.5) }))
    for (const n of [1, 2, 3]) await ready(n)
    for (const n of [1, 2]) expect(await post({ verb: 'claim', task: n })).toMatchObject({ status: 200 })
    expect(await post({ verb: 'claim', task: 3 }, 'codex')).toMatchObject({
      status: 402,
      json: {
        error: {
          code: 'budget-exceeded',
          message:
            'The budget of this project for a day is $1.00, of which $0.00 is spent and $1.00 reserved for work under way; an attempt on DEV-3 needs $0.50.',
          next: 'Wait until 2023-11-15T00:00:00Z, when the next day begins, or raise `budgets.daily` in `.github/muster.yml`.',
          data: { limit: USD, reserved: USD, resetsAt: Date.parse('2023-11-15T00:00:00Z') },
        },
      },
    })
  })

  it('of the task is for a person to grant', async () => {
    const { post, ready, ask } = await givenEndpoint(budgeted())
    await ready(1)
    const changes = { budget: usd(1), estimate: { ...usd(2), durationMs: null } }
    await ask(task(1), { type: 'update-task', changes })
    expect((await post({ verb: 'claim', task: 1 })).json.error?.next).toBe(
      'Have a person with the admin role comment `/budget $20` on the issue, with as much as it may cost in all.',
    )
  })

  it('may be limited further by an agent, and given free by a person alone', async () => {
    const { post, ready, ask, taskOf } = await givenEndpoint(budgeted({ task: usd(5) }))
    await ready(1)
    const update = (budget: object | null) => post({ verb: 'update', task: 1, args: { details: { budget } } })
    expect((await update({ usd: 2, tokens: 900 })).status).toBe(200)
    for (const budget of [null, { usd: 3, tokens: 900 }, { usd: 1 }, { tokens: 900 }]) {
      const refused = await update(budget)
      expect(refused).toMatchObject({ status: 403, json: { error: { code: 'people-only' } } })
      expect(refused.json.error?.next).toContain('/budget')
    }
    await ask(task(1), { type: 'update-task', changes: { budget: null } })
    expect((await taskOf(1)).details).not.toHaveProperty('budget')
    expect((await post({ verb: 'claim', task: 1 })).status).toBe(200)
    expect((await taskOf(1)).attempts[0]?.reservation?.microUsd).toBe(USD)
  })

  it('above the reservation stops the agent with its next heartbeat, and `cost` shows it', async () => {
    const { post, ready, ask } = await givenEndpoint(budgeted({ project: aDay(usd(9)) }))
    await ready(1)
    const fence = await claimed(post)
    const beat = () => post({ verb: 'heartbeat', task: 1, args: { fence } })
    expect(await beat()).toMatchObject({ status: 200, json: { signals: {} } })
    await ask(task(1), report({ costMicroUsd: 3 * USD }))
    expect(await beat()).toMatchObject({
      json: { signals: { stop: { reason: 'the attempt is $2.00 above what was reserved for it' } } },
    })
    await post({ verb: 'succeed', task: 1, args: { fence, cost: '$4' } })
    const text = (await post({ verb: 'cost', task: 1 }, 'claude', null)).json.text ?? ''
    expect(text).toContain('### DEV-1: $4.00 in 1 attempt')
    expect(text).toMatch(
      /\| 1 \| reserved \| \$1\.00 \|\n.*\| 1 \| overrun \| \$2\.00 \|\n.*\| 1 \| settled \| \$4\.00 \|/,
    )
    expect(text).toContain('Nothing of it was merged or completed yet.')
    await ask(task(1), { type: 'complete-task', reason: 'merged' })
    const project = (await post({ verb: 'cost', task: 1, args: { of: 'project' } }, 'claude', null)).json.text ?? ''
    expect(project).toContain('### $4.00 in 1 attempt on 1 task')
    expect(project).toContain('| 2023-11-14 | 1 | $4.00 |')
    expect(project).toContain('$4.00 for each of 1 task that was merged or completed.')
  })

  it('that is left stands in the brief; what the whole account has left is told to keys alone', async () => {
    const { deps, post, ready, taskOf } = await givenEndpoint(
      budgeted({ workspace: aDay(usd(8)), project: aDay(usd(9)), task: { microUsd: 2 * USD, tokens: 4_000 } }),
    )
    for (const n of [1, 2]) await ready(n)
    await claimed(post)
    const read = async (n: number) => (await post({ verb: 'brief', task: n }, 'claude', null)).json.brief?.text ?? ''
    expect(await read(1)).toContain(
      '## Budget left\n\n- the task: $2.00 and 4,000 tokens\n- the account for 2023-11-14: $8.00\n- set aside of that for this attempt: $1.00 and 4,000 tokens',
    )
    // The reservation of the first task is gone for the second.
    expect(await read(2)).toContain('- the account for 2023-11-14: $7.00')
    const open = await handOutBrief(deps.engine, await taskOf(2), { body: '', budgetTokens: null }, ALICE)
    expect(open).toContain('- the project for 2023-11-14: $8.00')
    expect(open).not.toContain('account')
  })

  it('has no say where no budget is configured', async () => {
    const { post, ready, store } = await givenEndpoint()
    await ready(1)
    await claimed(post)
    expect(JSON.parse(await store.projections.dump())).toMatchObject({ books: {} })
  })
})

it('who has claimed too often is told when the next claim is free', async () => {
  const { endpoint, keys, ready } = await givenEndpoint({ ...budgeted(), quotas: { claimsPerHour: 1 } })
  for (const n of [1, 2]) await ready(n)
  const claim = (n: number) =>
    endpoint.request('/v1/commands', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${keys.claude}`,
        'idempotency-key': `k${n}`,
      },
      body: JSON.stringify({ verb: 'claim', task: n }),
    })
  expect((await claim(1)).status).toBe(200)
  const answer = await claim(2)
  expect(answer.status).toBe(429)
  expect(answer.headers.get('retry-after')).toBe('3600')
  expect(await answer.json()).toMatchObject({
    error: {
      message: 'claude may claim 1 tasks an hour here, and has.',
      next: 'Go on with what it holds; the next claim is free in 1h.',
    },
  })
})
