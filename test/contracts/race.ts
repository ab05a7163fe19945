/** Starts race-child.ts several times, lets all of them go at the same moment, and collects what each was answered. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StreamId } from '../../app/domain/event/envelope.ts'
import type { Rejection } from '../../app/domain/rejection.ts'
import type { Settings } from '../../app/domain/settings.ts'
import type { StorePlace } from './store-harness.ts'

const CHILD = fileURLToPath(new URL('race-child.ts', import.meta.url))

export type RaceWork =
  | {
      readonly what: 'claim'
      readonly claims: readonly { readonly agent: string; readonly stream: StreamId }[]
      /** Left out: the default ones. */
      readonly settings?: Settings
    }
  | { readonly what: 'claim-next'; readonly project: StreamId; readonly agents: readonly string[] }
  | { readonly what: 'write'; readonly stream: StreamId; readonly writer: string; readonly count: number }

export type RaceAnswer = { readonly cause: string } & (
  | { readonly ok: true; readonly stream: StreamId; readonly version: number }
  | { readonly ok: false; readonly rejection: Rejection }
  /** Anything that was thrown: a race must have none. */
  | { readonly ok?: undefined; readonly fault: string }
)

/** One process for each work; none begins before all have opened the database. */
export const race = async (place: StorePlace, works: readonly RaceWork[]): Promise<readonly RaceAnswer[]> => {
  const answers: RaceAnswer[] = []
  const racers = works.map((work) => {
    const racer = spawn(process.execPath, [CHILD, JSON.stringify(place), JSON.stringify(work)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const ready = Promise.withResolvers<void>()
    const lines = createInterface({ input: racer.stdout })
    lines.on('line', (line) => (line === 'ready' ? ready.resolve() : answers.push(JSON.parse(line) as RaceAnswer)))
    const ended = Promise.all([once(racer, 'exit'), once(lines, 'close')]).then(([[code]]) => {
      if (code === 0) return
      const error = new Error(`a racer ended with ${String(code)}`)
      ready.reject(error)
      throw error
    })
    return { racer, ready: ready.promise, ended }
  })
  const ends = Promise.all(racers.map(({ ended }) => ended))
  await Promise.race([Promise.all(racers.map(({ ready }) => ready)), ends])
  for (const { racer } of racers) racer.stdin.end()
  await ends
  return answers
}
