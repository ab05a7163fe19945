/** GraphQL ids of issues, remembered from looking at them: replies are made by this id. */
import type { Documents } from '../../../engine/ports.ts'
import type { InstallationClient } from '../client.ts'

export interface IssueNodeIds {
  /** `repository` is `owner/name`. */
  learn(repository: string, number: number, nodeId: string): Promise<void>
  /** Asks GitHub, once, for an issue or pull request that nobody has looked at. */
  of(client: InstallationClient, repository: string, number: number): Promise<string>
}

const KIND = 'issue-node-id'

export const createIssueNodeIds = (documents: Documents): IssueNodeIds => {
  const key = (repository: string, number: number): string => `${repository.toLowerCase()}#${number}`
  const learn: IssueNodeIds['learn'] = (repository, number, nodeId) =>
    documents.put(KIND, key(repository, number), nodeId)
  return {
    learn,
    async of(client, repository, number) {
      const known = await documents.get(KIND, key(repository, number))
      if (known !== null) return known
      const [owner = '', repo = ''] = repository.split('/')
      const { data } = await client.rest.issues.get({ owner, repo, issue_number: number })
      await learn(repository, number, data.node_id)
      return data.node_id
    },
  }
}
