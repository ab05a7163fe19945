/** Whose record stands on an issue, when it is ours, signed and last written by us: for an issue that came from where nobody of ours was. */
import { isTaskStreamId, type StreamId } from '../../../domain/event/envelope.ts'
import type { GitHub } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import { sealedFieldsSchema } from '../../../../schemas/record.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { verifySeal } from '../record/verify-record.ts'
import { isByAuthor, readComments } from './read-comments.ts'

interface Place {
  readonly installationId: number
  /** `owner/name`. */
  readonly repository: string
}

/** Null when there is none, and when there is more than one: then nobody knows. */
export const createRecordAt =
  ({ github, keys }: { readonly github: GitHub; readonly keys: RecordKeys }) =>
  async ({ installationId, repository }: Place, number: number): Promise<StreamId | null> => {
    const client = github.installation(installationId, 'command')
    const [owner = '', repo = ''] = repository.split('/')
    try {
      const { data } = await client.rest.issues.get({ owner, repo, issue_number: number })
      const streams = new Set<string>()
      for (const comment of await readComments(client, data.node_id)) {
        if (!comment.viewerDidAuthor || (comment.editor !== null && !isByAuthor(comment))) continue
        const sealed = verifySeal('record', comment.body, keys)
        if (sealed.ok) streams.add(sealedFieldsSchema.parse(sealed.json).stream)
      }
      const [stream] = streams
      return stream !== undefined && streams.size === 1 && isTaskStreamId(stream) ? stream : null
    } catch (error) {
      if (isGitHubFault(error, 'not-found')) return null
      throw error
    }
  }
