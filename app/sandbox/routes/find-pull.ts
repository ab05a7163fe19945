/** Finds the pull request that a path names. */
import type { Context } from '../http/context.ts'
import { notFound } from '../http/errors.ts'
import { type Pull, pullByNumber, pullsOf } from '../model/pull.ts'
import { type MaybeStale, singleRow } from './single-row.ts'

export function findPull(c: MaybeStale & Pick<Context, 'repo'>, number: string): Pull {
  const found = pullByNumber(c.world.state, c.repo.id, Number(number))
  const pull = found && singleRow(c, pullsOf(c.world.state), found.id)
  if (!pull) throw notFound()
  return pull
}
