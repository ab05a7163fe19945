/** Node ids of the labels of a repository, remembered between requests: GraphQL adds labels by id, and only known labels have one. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { Documents } from '../../../engine/ports.ts'

/** Lower-case name → node id; null: looked for and not there. */
export type LabelIds = Readonly<Record<string, string | null>>

export interface LabelIdBook {
  of(repositoryId: number): Promise<LabelIds>
  learn(repositoryId: number, found: LabelIds): Promise<void>
  /** These are not what they were. */
  forgetNames(repositoryId: number, names: readonly string[]): Promise<void>
  /** A label was renamed or deleted: look again before the next use. */
  forget(repositoryId: number): Promise<void>
}

const KIND = 'label-ids'

export const createLabelIdBook = (documents: Documents): LabelIdBook => {
  const of = async (repositoryId: number): Promise<LabelIds> => {
    const text = await documents.get(KIND, String(repositoryId))
    return text === null ? {} : (JSON.parse(text) as LabelIds)
  }
  return {
    of,
    async learn(repositoryId, found) {
      const all = { ...(await of(repositoryId)), ...found }
      await documents.put(KIND, String(repositoryId), canonicalJson(all))
    },
    async forgetNames(repositoryId, names) {
      const left = Object.entries(await of(repositoryId)).filter(([name]) => !names.includes(name))
      await documents.put(KIND, String(repositoryId), canonicalJson(Object.fromEntries(left)))
    },
    forget: (repositoryId) => documents.delete(KIND, String(repositoryId)),
  }
}
