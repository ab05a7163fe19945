import { describe, expect, it } from 'vitest'
import { startSandbox, type Started, WIDGETS } from '../start-sandbox.ts'

const pullOf = async ({ as, branch, commit }: Started, name: string, body: string): Promise<number> => {
  await branch(name)
  await commit(name, `${name}.txt`, 'a\n')
  return (await as('bob').post(`${WIDGETS}/pulls`, { title: name, head: name, base: 'main', body })).json.number
}
const stateOf = async ({ as }: Started, number: number) =>
  (await as('bob').get(`${WIDGETS}/issues/${number}`)).json.state as string

describe('a merge', () => {
  const CLOSING = [
    'close',
    'closes',
    'closed',
    'fix',
    'fixes',
    'fixed',
    'resolve',
    'resolves',
    'resolved',
    'CLOSES',
    'Fixes:',
  ]
  const OTHERS = ['Closing', 'See', 'discloses', 'Closes the']

  it(`closes issues after ${CLOSING.join(', ')}, and after nothing else`, async () => {
    const started = await startSandbox()
    const words = [...CLOSING, ...OTHERS]
    for (const title of [...words, 'misspelt']) await started.as('bob').post(`${WIDGETS}/issues`, { title })
    const body = `${words.map((word, i) => `${word} #${i + 1}.`).join('\n')}\nCloses #${words.length + 1}x`
    const number = await pullOf(started, 'topic', body)
    await started.as('bob').put(`${WIDGETS}/pulls/${number}/merge`, {})
    const { json } = await started.as('bob').get(`${WIDGETS}/issues?state=closed&sort=created&direction=asc`)
    expect(json.map((one: { title: string }) => one.title)).toEqual([...CLOSING, 'topic'])
  })

  it('closes another pull request that it names', async () => {
    const started = await startSandbox()
    const older = await pullOf(started, 'older', '')
    const newer = await pullOf(started, 'newer', `Resolves #${older}`)
    await started.as('bob').put(`${WIDGETS}/pulls/${newer}/merge`, {})
    expect(await stateOf(started, older)).toBe('closed')
    expect((await started.as('bob').get(`${WIDGETS}/pulls/${older}`)).json.merged).toBe(false)
  })

  it.each([true, false])(
    'closes in another repository only for who has a say there, as the switch says: %s',
    async (closingElsewhereNeedsRole) => {
      const started = await startSandbox({ switches: { closingElsewhereNeedsRole } })
      for (const title of ['a', 'b']) await started.as('alice').post('/repos/acme/secret/issues', { title })
      const first = await pullOf(started, 'first', 'Closes acme/secret#1')
      await started.as('bob').put(`${WIDGETS}/pulls/${first}/merge`, {})
      await started.as('alice').delete('/repos/acme/secret/collaborators/bob')
      const second = await pullOf(started, 'second', 'Closes acme/secret#2')
      await started.as('bob').put(`${WIDGETS}/pulls/${second}/merge`, {})
      const { json } = await started.as('alice').get('/repos/acme/secret/issues?state=all&sort=created&direction=asc')
      expect(json.map((one: { state: string }) => one.state)).toEqual([
        'closed',
        closingElsewhereNeedsRole ? 'open' : 'closed',
      ])
    },
  )
})
