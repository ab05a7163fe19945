/** A comment that carries a hidden record and is not ours: never believed anywhere, and put on record once. Its text is left alone. */
import { MUSTER, type Actor } from '../../../domain/actor.ts'
import { clickCause } from '../../../engine/cause.ts'
import { handleCommand } from '../../../engine/handle-command.ts'
import type { RepositoryPlace } from '../../ports.ts'
import { streamAt } from '../../standing-at.ts'
import type { HandlerDeps } from '../deps.ts'

const MARKER = /<!--\s*muster:(?:record|ledger|part|sealed)\b/

export const carriesRecord = (body: string): boolean => MARKER.test(body)

export const onForeignRecord = async (
  { engine }: HandlerDeps,
  place: RepositoryPlace,
  comment: { readonly id: number; readonly nodeId: string; readonly issue: number; readonly by: Actor },
): Promise<void> => {
  const stream = await streamAt(engine.store.projections, place, comment.issue)
  if ((await engine.store.projections.task(stream)) === null) return
  await handleCommand(engine, {
    stream,
    command: {
      type: 'report-tampering',
      what: 'record-forged',
      by: comment.by,
      detail: `comment ${comment.id} carries a hidden record that Muster did not write; it is not believed`,
    },
    actor: MUSTER,
    cause: clickCause('foreign-record', comment.nodeId),
  })
}
