/** The kill switch from the front door: a comment stops an agent, the agent hears why, and another comment lets it go on. */
import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

interface Said {
  readonly lease?: { readonly fence: string }
  readonly signals?: object
  readonly error?: { readonly code: string; readonly message: string; readonly next: string }
}

it('alice kills an agent: its claims are refused with the reason, its heartbeat says stop, and unkill lets it claim', async () => {
  const p = (open = await play())
  const one = await p.issue('One')
  const two = await p.issue('Two')
  await p.say('alice', one, '/task\n/ready')
  await p.say('alice', two, '/task\n/ready')
  await p.quiet()
  const ask = await p.agent('claude')
  const send = async (body: object): Promise<{ status: number; json: Said }> => ask(body)
  const { json: claimed } = await send({ task: one, verb: 'claim' })
  const beat = { task: one, verb: 'heartbeat', args: { fence: claimed.lease?.fence } }
  expect((await send(beat)).json.signals).toEqual({})

  await p.say('bob', one, '/kill agent=claude "not mine to say"')
  await p.say('alice', one, '/kill agent=claude "it deletes tests"')
  await p.quiet()
  const refused = await send({ task: two, verb: 'claim' })
  expect(refused.status).toBe(423)
  expect(refused.json.error).toMatchObject({ code: 'killed', message: expect.stringContaining('it deletes tests') })
  expect(refused.json.error?.next).toContain('`/unkill agent=claude`')
  expect((await send(beat)).json.signals).toEqual({ stop: { reason: 'agent killed by alice: it deletes tests' } })
  const thread = await p.thread(one)
  expect(thread).toContain('`kill` needs the admin role here; you have write.')
  expect(thread).toContain('[alice rocket]\n/kill agent=claude')

  await p.say('alice', one, '/unkill agent=claude')
  await p.quiet()
  expect((await send({ task: two, verb: 'claim' })).status).toBe(200)
  expect((await send(beat)).json.signals).toEqual({})
})
