/** Who wrote and edited a text: the fields that issues and comments share, and the history itself. */
import { nodeId } from '../model/ids.ts'
import type { Edit } from '../model/issue.ts'
import { actorById } from './base-part.ts'
import { connection } from './connection.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'

interface Edited {
  readonly edits: readonly Edit[]
}

export function editFields() {
  return {
    editor: (one: Edited, _args: unknown, c: GraphqlContext) => actorById(c, one.edits.at(-1)?.editorId ?? null),
    lastEditedAt: (one: Edited) => one.edits.at(-1)?.at ?? null,
    includesCreatedEdit: (one: Edited) => one.edits.length > 0,
    // Newest first; the text as first written is the last entry, and an unedited text has none.
    userContentEdits: (one: Edited, args: Readonly<Record<string, unknown>>) =>
      connection('userContentEdits', one.edits.toReversed(), args),
  }
}

export const editPart: GraphqlPart = {
  sdl: '',
  resolvers: {
    UserContentEdit: {
      id: (one: Edit) => nodeId('UserContentEdit', one.id),
      createdAt: (one: Edit) => one.at,
      editedAt: (one: Edit) => one.at,
      updatedAt: (one: Edit) => one.at,
      deletedAt: () => null,
      // GitHub's `diff` is the whole text of that version.
      diff: (one: Edit) => one.body,
      editor: (one: Edit, _args, c) => actorById(c, one.editorId),
    },
  },
}
