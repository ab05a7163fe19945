/** A parsed configuration with every default filled in, durations in milliseconds. */
import { DEFAULT_SETTINGS, type AgentSettings, type RetrySettings, type Settings } from '../../domain/settings.ts'
import type { Configuration } from '../../../schemas/configuration.ts'
import { gatesFrom, policyFrom } from './policy-from.ts'
import { parseDuration } from '../../../schemas/duration.ts'
import { moneyFrom } from './money-from.ts'

export const settingsFrom = (configuration: Configuration): Settings => {
  const { key, agents, lease, wip, retry, dependencies, commands, policy, gates } = configuration
  const { classes, ...everyClass } = retry ?? {}
  return {
    key: key ?? DEFAULT_SETTINGS.key,
    agents: agents?.map(agentFrom) ?? [],
    lease: {
      ttlMs: ms(lease?.ttl) ?? DEFAULT_SETTINGS.lease.ttlMs,
      maxTtlMs: ms(lease?.max_ttl) ?? DEFAULT_SETTINGS.lease.maxTtlMs,
      ...given({ stealAfter: lease?.steal_after, preemptGraceMs: ms(lease?.preempt_grace) ?? undefined }),
    },
    ...(wip === undefined ? {} : { wip: given(wip) }),
    retry: {
      ...DEFAULT_SETTINGS.retry,
      ...retryFrom(everyClass),
      classes: Object.fromEntries(
        Object.entries(classes ?? {}).map(([failure, row]) => [failure, retryFrom(row ?? {})]),
      ),
    },
    dependencies: { onFailure: dependencies?.on_failure ?? DEFAULT_SETTINGS.dependencies.onFailure },
    commands: {
      bare: commands?.bare ?? DEFAULT_SETTINGS.commands.bare,
      bots: commands?.bots ?? DEFAULT_SETTINGS.commands.bots,
    },
    ...moneyFrom(configuration),
    ...(policy === undefined ? {} : { policy: policyFrom(policy) }),
    ...(gates === undefined ? {} : { gates: gatesFrom(gates) }),
  }
}

const agentFrom = ({ id, capabilities, ...more }: NonNullable<Configuration['agents']>[number]): AgentSettings => ({
  id,
  capabilities: capabilities ?? [],
  ...given(more),
})

/** Without what was left out: absent and undefined are not the same to types. */
const given = <Row extends object>(row: Row): { [Name in keyof Row]: Exclude<Row[Name], undefined> } =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as never

const ms = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text))

type RetryRow = Omit<NonNullable<Configuration['retry']>, 'classes'>

const retryFrom = (row: RetryRow): Partial<RetrySettings> => {
  const backoffMs = ms(row.backoff)
  const maxBackoffMs = ms(row.max_backoff)
  return {
    ...(row.max_attempts === undefined ? {} : { maxAttempts: row.max_attempts }),
    ...(backoffMs === null ? {} : { backoffMs }),
    ...(maxBackoffMs === null ? {} : { maxBackoffMs }),
  }
}
