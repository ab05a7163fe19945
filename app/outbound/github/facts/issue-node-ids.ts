/** GraphQL ids of issues, remembered from looking at them: replies are made by this id. */
import type { Documents } from '../../../engine/ports.ts'
import type { InstallationClient } from '../client.ts'

export interface IssueNamed {
  /** `owner/name`: another repository may bear it tomorrow, so that nothing is remembered by it. */
  readonly repository: string
  readonly repositoryId?: number
  readonly issue: number
}

export interface IssueNodeIds {
  learn(repositoryId: number, number: number, nodeId: string): Promise<void>
  /** Asks GitHub, once, for an issue or pull request that nobody has looked at; each time where the repository's id is not known. */
  of(client: InstallationClient, place: IssueNamed): Promise<string>
}

const KIND = 'issue-node-id'

export const createIssueNodeIds = (documents: Documents): IssueNodeIds => {
  const key = (repositoryId: number, number: number): string => `${repositoryId}#${number}`
  const learn: IssueNodeIds['learn'] = (repositoryId, number, nodeId) =>
    documents.put(KIND, key(repositoryId, number), nodeId)
  return {
    learn,
    async of(client, { repository, repositoryId, issue }) {
      const known = repositoryId === undefined ? null : await documents.get(KIND, key(repositoryId, issue))
      if (known !== null) return known
      const [owner = '', repo = ''] = repository.split('/')
      const { data } = await client.rest.issues.get({ owner, repo, issue_number: issue })
      if (repositoryId !== undefined) await learn(repositoryId, issue, data.node_id)
      return data.node_id
    },
  }
}
