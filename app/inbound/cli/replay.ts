/** `npm run replay`: lets the deliveries that were set aside be tried again, once a person has looked at why. */
import type { Inbox } from '../../engine/ports.ts'
import type { CliResult } from './result.ts'

export const replayCommand = async (inbox: Pick<Inbox, 'replay'>): Promise<CliResult> => {
  const replayed = await inbox.replay()
  const many = replayed.length === 1 ? '1 delivery' : `${replayed.length} deliveries`
  const line =
    replayed.length === 0 ? 'No delivery was set aside.' : `${many} will be tried again. Set aside because of:`
  return {
    exitCode: 0,
    lines: [line, ...replayed.map(({ id, name, reason }) => `  ${name} ${id}: ${reason}`)],
    json: { replayed },
  }
}
