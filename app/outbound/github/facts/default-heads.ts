/**
 * Where the default branch of each repository stands, remembered when it is read or heard of anyway: attempts that have no
 * commit yet show their check run there. It may lag behind: such a check run never blocks, and an older commit serves as well.
 */
import type { Documents } from '../../../engine/ports.ts'

export interface DefaultHeads {
  /** `null`: the repository is empty. `undefined`: nobody has looked yet. */
  of(repositoryId: number): Promise<string | null | undefined>
  learn(repositoryId: number, headSha: string | null): Promise<void>
}

const KIND = 'default-head'
const EMPTY = ''

export const createDefaultHeads = (documents: Documents): DefaultHeads => ({
  async of(repositoryId) {
    const known = await documents.get(KIND, String(repositoryId))
    return known === null ? undefined : known === EMPTY ? null : known
  },
  async learn(repositoryId, headSha) {
    // Read with every look at the configuration and seldom new.
    const head = headSha ?? EMPTY
    if ((await documents.get(KIND, String(repositoryId))) === head) return
    await documents.put(KIND, String(repositoryId), head)
  },
})
