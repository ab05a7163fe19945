/**
 * One of several processes that race on the same database with the real engine. Arguments: the place as JSON, what to do, a
 * number, and a list as JSON. Says `ready`, begins when its stdin ends, and then writes one JSON line for each answer it got.
 */
import { createSchemaJudge } from '../../app/outbound/json-schema/create-schema-judge.ts'
import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { monotonicFactory } from 'ulid'
import { DEFAULT_SETTINGS } from '../../app/domain/settings.ts'
import type { TaskCommand } from '../../app/domain/task/commands.ts'
import { createClaimNext } from '../../app/engine/claim-next.ts'
import { handleCommand, type Engine, type Handled } from '../../app/engine/handle-command.ts'
import { createPostgresStore } from '../../app/store/postgres/create-postgres-store.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import type { RaceAnswer, RaceWork } from './race.ts'
import { FIRST_MOMENT, type StorePlace } from './store-harness.ts'

const [placeJson = '', workJson = ''] = process.argv.slice(2)
const place = JSON.parse(placeJson) as StorePlace
const work = JSON.parse(workJson) as RaceWork
const store =
  'sqlite' in place
    ? await createSqliteStore({ path: place.sqlite, clock: { now: () => FIRST_MOMENT } })
    : await createPostgresStore({ url: place.postgres, connections: 4 })
const engine: Engine = {
  store,
  ids: { ulid: monotonicFactory() },
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  schemas: createSchemaJudge(),
  settingsOf: () => Promise.resolve((work.what === 'claim' ? work.settings : undefined) ?? DEFAULT_SETTINGS),
}
const claimNext = createClaimNext(engine)

const say = (line: string): void => void writeSync(1, `${line}\n`)

const answered = async (cause: string, doing: Promise<Handled>): Promise<void> => {
  let answer: RaceAnswer
  try {
    const { outcome } = await doing
    answer = outcome.ok
      ? { cause, ok: true, stream: outcome.stream, version: outcome.version }
      : { cause, ok: false, rejection: outcome.rejection }
  } catch (error) {
    answer = { cause, fault: String(error) }
  }
  say(JSON.stringify(answer))
}

const claimOf = (owner: string) => ({ owner, ttlMs: null, baseSha: null, model: null, runId: null })

/** The nth of a writer: everything that a task keeps lists of, and what it keeps one of. */
const mixed = (writer: string, n: number): TaskCommand => {
  const text = `${writer} ${n}`
  const kinds: readonly TaskCommand[] = [
    { type: 'record-evidence', command: text, exitCode: n % 2, headSha: null, fence: null },
    { type: 'report-progress', percent: n % 101, text, fence: null },
    { type: 'record-custom', name: 'step', data: { writer, n }, fence: null },
    { type: 'set-next-step', text, fence: null },
    {
      type: 'record-artifact',
      kind: 'log',
      name: text,
      url: `https://ci.example/${writer}/${n}`,
      sha256: null,
      size: n,
      mediaType: null,
      figures: [],
      fence: null,
    },
    { type: 'update-task', changes: { tags: [writer, String(n)] } },
    { type: 'enter-phase', name: text, fence: null },
    { type: 'add-note', text },
  ]
  return kinds[n % kinds.length] as TaskCommand
}

say('ready')
for await (const _ of process.stdin) void _
if (work.what === 'claim') {
  await Promise.all(
    work.claims.map(({ agent, stream }) => {
      const actor = { kind: 'agent', id: agent } as const
      const cause = `claim:${agent}`
      return answered(
        cause,
        handleCommand(engine, { stream, command: { type: 'claim-task', ...claimOf(agent) }, actor, cause }),
      )
    }),
  )
} else if (work.what === 'claim-next') {
  await Promise.all(
    work.agents.map((agent) => {
      const actor = { kind: 'agent', id: agent } as const
      const cause = `next:${agent}`
      return answered(cause, claimNext({ stream: work.project, command: claimOf(agent), actor, cause }))
    }),
  )
} else {
  for (let n = 0; n < work.count; n += 1) {
    const cause = `${work.writer}:${n}`
    const actor = { kind: 'user', id: work.writer } as const
    await answered(cause, handleCommand(engine, { stream: work.stream, command: mixed(work.writer, n), actor, cause }))
  }
}
await store.close()
