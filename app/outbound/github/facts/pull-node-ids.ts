/** GraphQL ids of pull requests, remembered when one is read anyway: comments on them are made by this id. */
import type { Documents } from '../../../engine/ports.ts'
import type { InstallationClient } from '../client.ts'

export interface PullNodeIds {
  learn(repositoryId: number, number: number, nodeId: string): Promise<void>
  /** By number; asks GitHub, in one request, only for those that nobody has read yet. */
  of(
    client: InstallationClient,
    repository: { readonly id: number; readonly owner: string; readonly name: string },
    numbers: readonly number[],
  ): Promise<Readonly<Record<number, string>>>
}

const KIND = 'pull-node-id'

export const createPullNodeIds = (documents: Documents): PullNodeIds => {
  const key = (repositoryId: number, number: number): string => `${repositoryId}/${number}`
  const learn = (repositoryId: number, number: number, nodeId: string): Promise<void> =>
    documents.put(KIND, key(repositoryId, number), nodeId)
  return {
    learn,
    async of(client, { id, owner, name }, numbers) {
      const found: Record<number, string> = {}
      const unknown: number[] = []
      for (const number of numbers) {
        const nodeId = await documents.get(KIND, key(id, number))
        if (nodeId === null) unknown.push(number)
        else found[number] = nodeId
      }
      if (unknown.length === 0) return found
      const fields = unknown.map((number) => `p${number}: pullRequest(number: ${number}) { id }`).join('\n')
      const query = `query PullNodeIds($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${fields} } }`
      const { data } = await client.graphqlPartly<{ repository: Record<string, { id: string } | null> }>(query, {
        owner,
        name,
      })
      for (const number of unknown) {
        const nodeId = data.repository?.[`p${number}`]?.id
        if (nodeId === undefined) continue
        found[number] = nodeId
        await learn(id, number, nodeId)
      }
      return found
    },
  }
}
