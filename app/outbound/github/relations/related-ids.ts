/** GraphQL ids of the issues that tasks are related to, by where they stand: remembered from looks, else asked for once. */
import { projectStream, type StreamId } from '../../../domain/event/envelope.ts'
import type { Documents, Projections } from '../../../engine/ports.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import type { IssueNodeIds } from '../facts/issue-node-ids.ts'

export interface RelatedIds {
  learn(stream: StreamId, nodeId: string): Promise<void>
  /** GitHub does not know it by that id any more. */
  forget(stream: StreamId): Promise<void>
  /** Null for what is gone, or is in no project of ours. */
  of(client: InstallationClient, streams: readonly StreamId[]): Promise<Readonly<Record<StreamId, string | null>>>
}

const KIND = 'related-issue'

export const createRelatedIds = (deps: {
  readonly documents: Documents
  readonly projections: Pick<Projections, 'project' | 'task'>
  readonly issues: IssueNodeIds
}): RelatedIds => {
  const { documents, projections, issues } = deps

  const ask = async (client: InstallationClient, stream: StreamId): Promise<string | null> => {
    const known = await documents.get(KIND, stream)
    if (known !== null) return known
    // Its issue may have been transferred since.
    const task = (await projections.task(stream))?.task
    const [, repositoryId = 0, number = 0] = stream.split('/').map(Number)
    const project = await projections.project(task?.project ?? projectStream(repositoryId))
    if (project === null || task?.away !== undefined) return null
    try {
      const { repository, repositoryId: home } = project
      return await issues.of(client, { repository, repositoryId: home, issue: task?.number ?? number })
    } catch (error) {
      if (isGitHubFault(error, 'not-found')) return null
      throw error
    }
  }

  return {
    learn: (stream, nodeId) => documents.put(KIND, stream, nodeId),
    forget: (stream) => documents.delete(KIND, stream),
    async of(client, streams) {
      const found: Record<StreamId, string | null> = {}
      for (const stream of new Set(streams)) found[stream] = await ask(client, stream)
      return found
    },
  }
}
