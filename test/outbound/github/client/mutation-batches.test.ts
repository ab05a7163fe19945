import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GitHubFault, type GitHubFaultCode } from '../../../../app/outbound/github/client/fault.ts'
import type { GraphqlAnswer } from '../../../../app/outbound/github/client/graphql.ts'
import { createMutationBatches } from '../../../../app/outbound/github/client/mutation-batches.ts'
import type { MutationDocument, MutationField } from '../../../../app/outbound/github/graphql/mutation-document.ts'

const fault = (code: GitHubFaultCode, ambiguous = false): GitHubFault =>
  new GitHubFault(code, {
    status: null,
    route: 'GraphQL Reconcile',
    retryable: true,
    retryAt: null,
    ambiguous,
    requestId: null,
  })

const field = (id: string): MutationField => ({ field: 'updateIssueComment', input: { id }, selection: '' })
const idsOf = ({ variables }: MutationDocument): readonly string[] =>
  Object.values(variables).map((input) => (input as { id: string }).id)

/** A GitHub that answers when told to: each field with its own id. */
const given = () => {
  const sent: string[][] = []
  const open: { readonly document: MutationDocument; readonly answer: (_: Answer) => void }[] = []
  type Answer = GitHubFault | ((id: string) => object | null)
  const mutate = createMutationBatches((document) => {
    sent.push([...idsOf(document)])
    return new Promise<GraphqlAnswer<Record<string, unknown>>>((resolve, reject) => {
      open.push({
        document,
        answer: (how) => {
          if (how instanceof GitHubFault) return reject(how)
          const data = Object.fromEntries(idsOf(document).map((id, n) => [`m${n}`, how(id)]))
          const errors = Object.entries(data).flatMap(([path, one]) =>
            one === null ? [{ type: 'NOT_FOUND', path: [path] }] : [],
          )
          return resolve({ data, errors })
        },
      })
    })
  })
  const echo = (id: string) => ({ id })
  /** Answers the oldest request, and lets what follows from it happen. */
  const answerNext = async (how: Answer = echo): Promise<void> => {
    open.shift()?.answer(how)
    for (let n = 0; n < 20; n += 1) await Promise.resolve()
  }
  return { sent, open, mutate, answerNext }
}

const ok = (id: string) => ({ ok: true, data: { id } })

describe('mutations of one name', () => {
  it('go out at once while there is no crowd', async () => {
    const { sent, mutate, answerNext } = given()
    const first = mutate('Reconcile', [field('a')])
    const second = mutate('Reconcile', [field('b')])
    expect(sent).toEqual([['a'], ['b']])
    await answerNext()
    await answerNext()
    expect([await first, await second]).toEqual([[ok('a')], [ok('b')]])
  })

  it('share the next request while two are under way, each with its own answers', async () => {
    const { sent, mutate, answerNext } = given()
    const calls = ['a', 'b', 'c', 'd', 'e'].map((id) => mutate('Reconcile', [field(`${id}1`), field(`${id}2`)]))
    await answerNext()
    expect(sent).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
      ['c1', 'c2', 'd1', 'd2', 'e1', 'e2'],
    ])
    await answerNext()
    await answerNext((id) => (id === 'd1' ? null : { id }))
    expect(await Promise.all(calls)).toEqual([
      [ok('a1'), ok('a2')],
      [ok('b1'), ok('b2')],
      [ok('c1'), ok('c2')],
      [{ ok: false, type: 'NOT_FOUND' }, ok('d2')],
      [ok('e1'), ok('e2')],
    ])
  })

  it('do not wait for those of another name', () => {
    const { sent, mutate } = given()
    for (const id of ['a', 'b', 'c']) void mutate('Reconcile', [field(id)])
    void mutate('AnswerComment', [field('d')])
    expect(sent).toEqual([['a'], ['b'], ['d']])
  })

  it('are bounded: twenty fields and 400,000 characters a request, but never none', async () => {
    const { sent, mutate, answerNext } = given()
    void mutate('Reconcile', [field('a')])
    void mutate('Reconcile', [field('b')])
    for (let n = 0; n < 3; n += 1)
      void mutate(
        'Reconcile',
        Array.from({ length: 9 }, () => field(`n${n}`)),
      )
    void mutate('Reconcile', [field('x'.repeat(300_000))])
    void mutate('Reconcile', [field('y'.repeat(500_000))])
    for (let n = 0; n < 6; n += 1) await answerNext()
    expect(sent.map((ids) => ids.length)).toEqual([1, 1, 18, 9 + 1, 1])
  })

  it('fail alone where one of a batch does not fit the schema', async () => {
    const { sent, mutate, answerNext } = given()
    const calls = ['a', 'b', 'c', 'd'].map((id) => mutate('Reconcile', [field(id)]))
    const settled = Promise.allSettled(calls)
    await answerNext()
    await answerNext()
    await answerNext(fault('invalid'))
    await answerNext(fault('invalid'))
    await answerNext()
    expect(sent).toEqual([['a'], ['b'], ['c', 'd'], ['c'], ['d']])
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it.each(['rate-limited', 'unavailable'] as const)(
    'all hear that the request was %s, and none is repeated',
    async (code) => {
      const { sent, mutate, answerNext } = given()
      const calls = ['a', 'b', 'c', 'd'].map((id) => mutate('Reconcile', [field(id)]))
      const settled = Promise.allSettled(calls)
      for (let n = 0; n < 3; n += 1) await answerNext(n === 2 ? fault(code) : undefined)
      expect(sent).toHaveLength(3)
      expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
    },
  )

  it('become smaller after one that GitHub gave no answer to, and larger again with each that it does', async () => {
    const { sent, open, mutate, answerNext } = given()
    const crowd = (count: number) =>
      Array.from({ length: count }, (_, n) => mutate('Reconcile', [field(`f${n}`)]).catch(() => null))
    const calls = crowd(10)
    await answerNext()
    await answerNext()
    await answerNext(fault('unreachable', true))
    calls.push(...crowd(11))
    while (open.length > 0) await answerNext()
    await Promise.all(calls)
    expect(sent.map((ids) => ids.length)).toEqual([1, 1, 8, 1, 1, 5, 4])
  })

  it('are answered each once, whatever comes of their requests', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 40 }),
        fc.array(fc.constantFrom('fine', 'invalid', 'lost', 'limited'), { maxLength: 60 }),
        async (sizes, fates) => {
          const { sent, open, mutate, answerNext } = given()
          const answers = sizes.map((size, n) =>
            mutate(
              'Reconcile',
              Array.from({ length: size }, (_, m) => field(`${n}.${m}`)),
            ).then(
              (got) => got.map((one) => (one.ok ? one.data['id'] : null)),
              () => null,
            ),
          )
          for (let n = 0; open.length > 0; n += 1) {
            const fate = fates[n]
            await answerNext(
              fate === 'invalid'
                ? fault('invalid')
                : fate === 'lost'
                  ? fault('unreachable', true)
                  : fate === 'limited'
                    ? fault('rate-limited')
                    : undefined,
            )
          }
          const told = await Promise.all(answers)
          for (const [n, size] of sizes.entries()) {
            const own = Array.from({ length: size }, (_, m) => `${n}.${m}`)
            expect(told[n] === null || JSON.stringify(told[n]) === JSON.stringify(own)).toBe(true)
            const times = sent.filter((ids) => ids.some((id) => id.startsWith(`${n}.`))).length
            expect(times).toBeLessThanOrEqual(2)
          }
        },
      ),
      { numRuns: 60 },
    ))
})
