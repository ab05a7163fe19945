/** What keeping a ledger found out about it, put on record in the project's own stream. */
import { MUSTER } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { factCause } from './cause.ts'
import { handleCommand, type Engine } from './handle-command.ts'

export const createLedgerFindings = (engine: Engine) => ({
  /** The ledger stands on this issue now. */
  async opened(stream: StreamId, issue: number): Promise<void> {
    const { version } = await engine.store.log.load(stream)
    await handleCommand(engine, {
      stream,
      command: { type: 'open-ledger', issue },
      actor: MUSTER,
      cause: factCause(stream, `ledger:${version}`, String(issue)),
    })
  },

  /** Somebody changed what only we write. */
  async tampered(stream: StreamId, found: { readonly detail: string; readonly identity: string }): Promise<void> {
    await handleCommand(engine, {
      stream,
      command: { type: 'report-project-tampering', what: 'ledger', by: null, detail: found.detail },
      actor: MUSTER,
      cause: factCause(stream, 'ledger-tampering', found.identity),
    })
  },
})
