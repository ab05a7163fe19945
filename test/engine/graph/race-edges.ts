/** Two processes, each on its own connection, add the two halves of a circle over and over, released together each time. */
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { levelsOf, type EdgePair } from '../../../app/domain/dependency/levels.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { handleCommand, type Engine } from '../../../app/engine/handle-command.ts'
import type { StoreHarness } from '../../contracts/store-harness.ts'
import { ALICE, sha256 } from '../../domain/given.ts'
import { createIds, OPEN_PROJECT } from '../create-engine.ts'

const CHILD = fileURLToPath(new URL('race-child.ts', import.meta.url))

/** Tasks in two projects, so that the circle leads over both. */
const pairOf = (round: number): readonly [StreamId, StreamId] => [`task/7/${round + 1}`, `task/8/${round + 1}`]

const startChild = async (harness: StoreHarness, name: string) => {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(harness.place), name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async (): Promise<string> => (await lines.next()).value ?? 'ended'
  expect(await read()).toBe('open')
  return {
    read,
    tell: (line: string) => void child.stdin.write(`${line}\n`),
    end: async () => {
      const exit = once(child, 'exit')
      child.stdin.end()
      expect((await exit)[0]).toBe(0)
    },
  }
}

/** In each round one of the two wins, the other is told of the circle, and in the end the graph is acyclic as a whole. */
export const raceEdges = async (harness: StoreHarness, rounds: number): Promise<void> => {
  const store = await harness.open()
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    schemas: createSchemaJudge(),
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
  }
  let asked = 0
  const ask = (stream: StreamId, command: Parameters<typeof handleCommand>[1]['command']) =>
    handleCommand(engine, { stream, command, actor: ALICE, cause: `given:${(asked += 1)}` })
  await ask('project/7', OPEN_PROJECT)
  await ask('project/8', {
    ...OPEN_PROJECT,
    repositoryId: 8,
    repository: 'acme/ops',
    prefix: 'OPS',
  } as typeof OPEN_PROJECT)
  for (let round = 0; round < rounds; round += 1) {
    for (const stream of pairOf(round)) {
      const project: StreamId = stream.startsWith('task/7/') ? 'project/7' : 'project/8'
      const number = round + 1
      await ask(stream, { type: 'create-task', project, key: `K-${number}`, number, title: 'T', priority: 'p2' })
    }
  }
  const [one, two] = await Promise.all([startChild(harness, 'one'), startChild(harness, 'two')])
  for (let round = 0; round < rounds; round += 1) {
    const [a, b] = pairOf(round)
    // Whoever hears of it first has a head start: they take turns at it.
    const first = round % 2 === 0
    if (first) one.tell(`${round} ${a} ${b}`)
    two.tell(`${round} ${b} ${a}`)
    if (!first) one.tell(`${round} ${a} ${b}`)
    const answers = await Promise.all([one.read(), two.read()])
    expect(answers.toSorted()).toEqual([`${round} dependency-cycle`, `${round} ok`])
  }
  await Promise.all([one.end(), two.end()])
  const streams = Array.from({ length: rounds }, (_, round) => pairOf(round)).flat()
  const dumped = JSON.parse(await store.projections.dump()) as {
    readonly edges: Readonly<Record<string, readonly string[]>>
  }
  const edges = Object.entries(dumped.edges).flatMap(([stream, all]) => all.map((on): EdgePair => [stream, on]))
  expect(edges).toHaveLength(rounds)
  // A task on a cycle has no level.
  expect(levelsOf(edges).size).toBe(rounds)
  const logged = await Promise.all(streams.map(async (stream) => store.log.read(stream)))
  expect(logged.flat().filter(({ type }) => type === 'dependency-added')).toHaveLength(rounds)
}
