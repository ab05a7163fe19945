/**
 * A process of its own that adds dependencies when it is told to. Arguments: the place of the store as JSON, a name. Reads
 * lines `round from on`, answers each with `round ok` or the code of the rejection.
 */
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { writeSync } from 'node:fs'
import { monotonicFactory } from 'ulid'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { handleCommand, type Engine } from '../../../app/engine/handle-command.ts'
import { createPostgresStore } from '../../../app/store/postgres/create-postgres-store.ts'
import { createSqliteStore } from '../../../app/store/sqlite/create-sqlite-store.ts'
import { FIRST_MOMENT, type StorePlace } from '../../contracts/store-harness.ts'

const [placeJson = '', name = ''] = process.argv.slice(2)
const place = JSON.parse(placeJson) as StorePlace
const store =
  'sqlite' in place
    ? await createSqliteStore({ path: place.sqlite, clock: { now: () => FIRST_MOMENT } })
    : await createPostgresStore({ url: place.postgres })
const engine: Engine = {
  store,
  ids: { ulid: monotonicFactory() },
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  schemas: createSchemaJudge(),
  settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
}
writeSync(1, 'open\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [round = '', from = '', on = ''] = line.split(' ')
  const { outcome } = await handleCommand(engine, {
    stream: from as StreamId,
    command: {
      type: 'add-dependency',
      on: { stream: on as StreamId, key: on },
      status: 'open',
      path: null,
      onFailure: null,
    },
    actor: { kind: 'user', id: name },
    cause: `${name}:${round}`,
  })
  writeSync(1, `${round} ${outcome.ok ? 'ok' : outcome.rejection.code}\n`)
}
await store.close()
