/**
 * Preloaded into an App process (`node --import`): counts its committed database writes and its outgoing requests, and kills
 * the process with SIGKILL right before or right after one of them. MUSTER_DIE_AT=`commit:12:before`; without it only counts.
 * The counts are written to MUSTER_DIE_COUNTS as they grow. Nothing in the product knows of it.
 */
import { writeFileSync } from 'node:fs'
import { StatementSync } from 'node:sqlite'

type Kind = 'commit' | 'request'

const [kind, at, side] = (process.env['MUSTER_DIE_AT'] ?? '').split(':')
const countsFile = process.env['MUSTER_DIE_COUNTS'] ?? ''
const counts: Record<Kind, number> = { commit: 0, request: 0 }

const die = (which: Kind, when: 'before' | 'after'): void => {
  if (which === kind && counts[which] === Number(at) && when === side) process.kill(process.pid, 'SIGKILL')
}

const begin = (which: Kind): void => {
  counts[which] += 1
  if (countsFile !== '') writeFileSync(countsFile, JSON.stringify(counts))
  die(which, 'before')
}

// A transaction that was not committed when the process dies has not happened, so its commit is where the write is.
type Run = (this: StatementSync, ...parameters: unknown[]) => unknown
const prototype = StatementSync.prototype as unknown as { run: Run }
const { run } = prototype
prototype.run = function (this: StatementSync, ...parameters) {
  if (!/^\s*commit\b/i.test(this.sourceSQL)) return run.apply(this, parameters)
  begin('commit')
  const result = run.apply(this, parameters)
  die('commit', 'after')
  return result
}

const { fetch } = globalThis
globalThis.fetch = async (...request) => {
  begin('request')
  const answer = await fetch(...request)
  // GitHub has done it; the App has not heard of it.
  die('request', 'after')
  return answer
}
