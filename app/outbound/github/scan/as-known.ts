/** Whether an issue or our record on it is as we last wrote or saw it: then a row of a list is no news, and nobody has to look. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'
import { familyOf } from '../labels/label-table.ts'
import { findSealed } from '../record/seal.ts'
import { createReplicaBases } from '../replica/base.ts'
import { bodyHash } from '../replica/body-hash.ts'

export const createAsKnown = (documents: Documents) => ({
  async issue(
    stream: StreamId,
    seen: { readonly title: string; readonly open: boolean; readonly labels: readonly string[] },
  ): Promise<boolean> {
    const base = await createReplicaBases(documents).get(stream)
    if (base === null) return false
    const labels = seen.labels.map((name) => name.toLowerCase()).filter((name) => familyOf(name) !== null)
    return seen.title === base.title && seen.open === base.open && labels.sort().join() === base.labels.join()
  },
  async comment(stream: StreamId, { nodeId, body }: { readonly nodeId: string; readonly body: string }) {
    const base = await createReplicaBases(documents).get(stream)
    if (base?.record?.nodeId !== nodeId) return findSealed('record', body).found === 'none'
    return bodyHash(body) === base.record.hash
  },
})
