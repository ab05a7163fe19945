/** Outcomes under causes: one cause, one request, whichever of two came first; refusals are kept like successes. */
import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { Asked, Outcome } from '../../../app/engine/ports.ts'
import { handleCommand, type AnyCommand, type Engine } from '../../../app/engine/handle-command.ts'
import { keepRejection } from '../../../app/engine/outcome.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const TASK = 'task/1/12'
const REUSED = { ok: false, rejection: { code: 'idempotency-key-reused' } }

export const outcomesContract = (make: MakeHarness): void => {
  describe('outcomes', () => {
    const use = useStore(make)

    const given = async () => {
      const { store } = await use()
      let n = 0
      const engine: Engine = {
        store,
        ids: { ulid: () => `01J${String((n += 1)).padStart(23, '0')}` },
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
        schemas: createSchemaJudge(),
      }
      const ask = async (command: AnyCommand, asked: Pick<Asked<unknown>, 'cause' | 'fingerprint'>): Promise<Outcome> =>
        (await handleCommand(engine, { stream: TASK, command, actor: { kind: 'agent', id: 'a' }, ...asked })).outcome
      const title = 'T'
      await ask(
        { type: 'create-task', project: 'project/1', key: 'DEV-12', number: 12, title, priority: 'p2' },
        { cause: 'c0' },
      )
      const note = (text: string, cause: string) => ask({ type: 'add-note', text }, { cause, fingerprint: text })
      return { store, ask, note }
    }

    it('answer the same request again and refuse another one under its cause', async () => {
      const { store, note } = await given()
      const first = await note('one', 'c1')
      expect(first).toMatchObject({ ok: true, version: 2, fingerprint: 'one' })
      expect(await note('two', 'c1')).toEqual(REUSED)
      expect(await note('one', 'c1')).toEqual(first)
      expect(await store.log.findOutcome('c1')).toEqual(first)
      expect(await store.log.read(TASK)).toHaveLength(2)
    })

    it('of many requests at once under one cause let one through', async () => {
      const { store, note } = await given()
      const texts = ['a', 'b', 'c', 'd', 'e', 'f']
      const outcomes = await Promise.all(texts.map((text) => note(text, 'c1')))
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
      expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 5 }, () => REUSED))
      expect(await store.log.read(TASK)).toHaveLength(2)
    })

    it('without a fingerprint on either side are the first one’s, as after a restore', async () => {
      const { ask, note } = await given()
      const first = await ask({ type: 'add-note', text: 'one' }, { cause: 'c1' })
      expect(await note('two', 'c1')).toEqual(first)
      const second = await note('one', 'c2')
      expect(await ask({ type: 'add-note', text: 'two' }, { cause: 'c2' })).toEqual(second)
    })

    it('keep a refusal that no decision was asked for, and let an earlier outcome stand', async () => {
      const { store, ask, note } = await given()
      const rejection = { code: 'role-too-low', needed: 'write', held: 'read', verb: 'note' } as const
      const refused = { ok: false, rejection }
      expect(await keepRejection(store.log, { cause: 'c1' }, rejection)).toEqual(refused)
      expect(await ask({ type: 'add-note', text: 'x' }, { cause: 'c1' })).toEqual(refused)
      expect(await store.log.read(TASK)).toHaveLength(1)
      const done = await note('x', 'c2')
      expect(await keepRejection(store.log, { cause: 'c2', fingerprint: 'x' }, rejection)).toEqual(done)
      expect(await keepRejection(store.log, { cause: 'c2', fingerprint: 'y' }, rejection)).toEqual(REUSED)
    })
  })
}
