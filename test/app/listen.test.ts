/** The App's door: where it opens, and the words when it cannot. */
import { expect, it } from 'vitest'
import { listen } from '../../app/listen.ts'

const answer = () => new Response('here')
const unexpected = (error: Error): never => {
  throw error
}

it('says where it is heard, and why not with what to do', async () => {
  const door = await listen(answer, { host: '127.0.0.1', port: 0 }, unexpected)
  expect(await (await fetch(door.url)).text()).toBe('here')
  const port = Number(new URL(door.url).port)
  const refusal = (host: string, on: number) =>
    new Promise<string>((resolve) => {
      void listen(answer, { host, port: on }, (error) => resolve(`${error.name}: ${error.message}`))
    })
  expect(await refusal('127.0.0.1', port)).toBe(
    `ConfigFault: port ${port} is taken: stop what listens there, or use --port 0 for a free one`,
  )
  // An address kept for documentation, which no machine has.
  expect(await refusal('203.0.113.7', 0)).toMatch(
    /^ConfigFault: 203\.0\.113\.7 is no address of this machine: use --host/,
  )
  door.close()
})
