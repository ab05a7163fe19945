/** Full-text search over the findings of projects: the same answers on every store, and a projection like the others. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../app/domain/project/findings.ts'
import { handleCommand, type Engine } from '../../../app/engine/handle-command.ts'
import { fold } from '../../../app/engine/fold.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { ALICE, sha256 } from '../../domain/given.ts'
import { createIds, OPEN_PROJECT, PROJECT } from '../../engine/create-engine.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const OTHER_PROJECT = {
  type: 'open-project',
  repositoryId: 8,
  repositoryNodeId: 'R_8',
  repository: 'acme/other',
  installationId: 1,
  prefix: 'OTH',
} as const
const TASK = { stream: 'task/7/1', key: 'DEV-1' } as const

const learner = async (store: Store) => {
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
    schemas: createSchemaJudge(),
  }
  let asked = 0
  const ask = async (command: Parameters<typeof handleCommand>[1]['command'], stream = PROJECT) =>
    handleCommand(engine, { stream, command, actor: ALICE, cause: `f:${(asked += 1)}` })
  await ask(OPEN_PROJECT)
  return {
    ask,
    learn: (text: string, stream = PROJECT) =>
      ask({ type: 'record-finding', kind: 'gotcha', text, task: TASK, attempt: 1 }, stream),
  }
}

export const findingsContract = (make: MakeHarness): void => {
  describe('findings', () => {
    const use = useStore(make)

    it('are found by the beginning of any of their words, in order, in their project only', async () => {
      const { store } = await use()
      const { learn, ask } = await learner(store)
      await ask(OTHER_PROJECT, 'project/8')
      await learn('The parser rounds Größen, see src/parse_sum.ts')
      await learn('Parsing is slow; 日本語 works')
      await learn('parser of another project', 'project/8')
      const find = (...words: string[]) => store.projections.findings(PROJECT, words)
      expect(await find('pars')).toEqual([1, 2])
      expect(await find('parser')).toEqual([1])
      expect(await find('größen', 'slow')).toEqual([1, 2])
      expect(await find('sum')).toEqual([1])
      expect(await find('日本')).toEqual([2])
      expect(await find('gotcha')).toEqual([1, 2])
      expect(await find('arser')).toEqual([])
      expect(await find()).toEqual([])
      expect(await find('"', "' | 'a", '*', 'x OR parser')).toEqual([])
    })

    it('are gone once retired, and come back with a rebuild when the index was lost', async () => {
      const { store, harness } = await use()
      const { learn, ask } = await learner(store)
      await learn('the parser')
      await learn('the lexer')
      await ask({ type: 'retire-finding', id: 1, reason: 'r' })
      const find = () => store.projections.findings(PROJECT, ['parser', 'lexer'])
      expect(await find()).toEqual([2])
      expect(await store.log.rebuild(fold)).toBe(0)
      await harness.run('delete from finding_index')
      expect(await find()).toEqual([])
      expect(await store.log.rebuild(fold)).toBe(1)
      expect(await find()).toEqual([2])
    })

    it('whatever the words, they are found by each of them', async () => {
      const { store } = await use()
      const { learn } = await learner(store)
      const texts = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { numRuns: 40, seed: 7 })
      for (const [at, text] of texts.entries()) await learn(`${text} n${at}`)
      const all = (await store.projections.project(PROJECT))?.findings ?? []
      expect(all).toHaveLength(40)
      for (const { id, text } of all) {
        for (const word of wordsOf(text)) {
          const expected = all
            .filter((one) => wordsOf(one.text).some((own) => own.startsWith(word)))
            .map((one) => one.id)
          expect([word, await store.projections.findings(PROJECT, [word])]).toEqual([word, expected])
          expect(expected).toContain(id)
        }
      }
    })
  })
}
