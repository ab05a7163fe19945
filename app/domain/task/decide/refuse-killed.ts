/** No claim while a kill is on, not even of one's own lease again. Who is at work is told with the next heartbeat; see signals.ts. */
import { killOf } from '../../project/kill.ts'
import type { Rejection } from '../../rejection.ts'
import type { TaskCommand } from '../commands.ts'
import type { DecideContext } from './context.ts'

export const refuseKilled = (
  command: TaskCommand,
  { kills, actor }: Pick<DecideContext, 'kills' | 'actor'>,
): Rejection | null => {
  if (command.type !== 'claim-task') return null
  const kill = killOf(kills, command.owner, actor)
  if (kill === null) return null
  const { scope, agent, reason, by } = kill
  return { code: 'killed', scope, agent, reason, by }
}
