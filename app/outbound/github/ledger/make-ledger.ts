/**
 * Makes a project's ledger issue, one at a time over all lives and replicas: GitHub's lists lag, so that whoever finds none may
 * only have come too early. The creation is claimed in the database first, and whoever comes later waits until GitHub surely
 * shows what the claim was for. Closes no doubles.
 */
import { randomUUID } from 'node:crypto'
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Clock, Documents } from '../../../engine/ports.ts'
import { SETTLE_MS } from '../replica/compare.ts'

interface Claim {
  readonly by: string
  readonly at: Millis
}

/** Never taken away: it also tells when the ledger was last made. */
const KIND = 'ledger-claimed'

export interface LedgerClaim {
  /** A ledger may have been made that GitHub does not list yet; null: all that was made before is listed by now. */
  readonly until: Millis | null
  /** Makes the ledger, unless somebody else has claimed that since this was asked for: null. */
  make<Made>(create: () => Promise<Made>): Promise<Made | null>
}

/** Asked for before GitHub is: what it lists afterwards is what the answer is about. */
export const claimLedger = async (
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  project: StreamId,
): Promise<LedgerClaim> => {
  const before = await documents.get(KIND, project)
  const now = clock.now()
  const shownAt = before === null ? now : (JSON.parse(before) as Claim).at + SETTLE_MS
  return {
    until: shownAt > now ? shownAt : null,
    async make(create) {
      const mine: Claim = { by: randomUUID(), at: clock.now() }
      const isMine = await documents.replace(KIND, project, before, canonicalJson({ ...mine }))
      return isMine ? create() : null
    },
  }
}
