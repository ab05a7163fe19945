/** Finds the pull request that a path names. */
import type { Context } from '../http/context.ts'
import { notFound } from '../http/errors.ts'
import { type Pull, pullByNumber } from '../model/pull.ts'

export function findPull(c: Pick<Context, 'world' | 'repo'>, number: string): Pull {
  const pull = pullByNumber(c.world.state, c.repo.id, Number(number))
  if (!pull) throw notFound()
  return pull
}
