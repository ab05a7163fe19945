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
  const parse = (text: string | null): LabelIds => (text === null ? {} : (JSON.parse(text) as LabelIds))
  /** Several tasks, and replicas, learn and forget at once: each adds to what stands there then. */
  const change = async (repositoryId: number, edit: (known: LabelIds) => LabelIds): Promise<void> => {
    const key = String(repositoryId)
    for (;;) {
      const before = await documents.get(KIND, key)
      if (await documents.replace(KIND, key, before, canonicalJson(edit(parse(before))))) return
    }
  }
  return {
    of: async (repositoryId) => parse(await documents.get(KIND, String(repositoryId))),
    learn: (repositoryId, found) => change(repositoryId, (known) => ({ ...known, ...found })),
    forgetNames: (repositoryId, names) =>
      change(repositoryId, (known) =>
        Object.fromEntries(Object.entries(known).filter(([name]) => !names.includes(name))),
      ),
    forget: (repositoryId) => documents.delete(KIND, String(repositoryId)),
  }
}
