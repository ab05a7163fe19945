/** How often an agent may claim in a project: one token per grant, from a bucket that all replicas share. Renewals and refusals cost nothing, also those of who was overtaken. */
import type { NewEvent } from '../domain/event/envelope.ts'
import { reject, type Decision } from '../domain/rejection.ts'
import type { Settings } from '../domain/settings.ts'
import type { NewTaskEvent } from '../domain/task/events.ts'
import type { Store } from './ports.ts'

const SECONDS = 3600

export interface ClaimQuota {
  /** The decision, or a refusal where it grants what the quota does not allow. Asked again for the same command, it takes nothing more. */
  keep(decision: Decision<NewEvent>, project: string, settings: Settings): Promise<Decision<NewEvent>>
  /** The command has granted nothing after all: what was taken for it is put back. */
  giveBack(): Promise<void>
}

/** For one command. */
export const claimQuota = ({ buckets }: Pick<Store, 'buckets'>): ClaimQuota => {
  let taken: string | null = null
  return {
    keep: async (decision, project, { quotas }) => {
      const granted = decision.ok ? decision.events.find(({ type }) => type === 'lease-granted') : undefined
      if (granted === undefined || quotas === undefined || taken !== null) return decision
      const { owner } = (granted as NewTaskEvent & { readonly type: 'lease-granted' }).data.lease
      const perHour = quotas.claimsPerHour
      const name = `claims:${project}:${owner}`
      const answer = await buckets.take([{ name, cost: 1, capacity: perHour, refillPerSecond: perHour / SECONDS }])
      if (!answer.ok) return reject({ code: 'quota-exceeded', agent: owner, perHour, waitMs: answer.waitMs })
      taken = name
      return decision
    },
    giveBack: async () => {
      if (taken !== null) await buckets.giveBack(taken, 1)
      taken = null
    },
  }
}
