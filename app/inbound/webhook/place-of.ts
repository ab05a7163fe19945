/** The repository of a payload. Ids and names are facts of the delivery's envelope; anything that changes is read from GitHub. */
import type { RepositoryPlace } from '../ports.ts'

interface Located {
  readonly installation?: { readonly id: number } | undefined
  readonly repository?: { readonly id: number; readonly node_id: string; readonly full_name: string } | undefined
}

/** Null for deliveries that are about no repository of an installation of ours. */
export const placeOf = ({ installation, repository }: Located): RepositoryPlace | null =>
  installation === undefined || repository === undefined
    ? null
    : {
        installationId: installation.id,
        repository: repository.full_name,
        repositoryId: repository.id,
        repositoryNodeId: repository.node_id,
        owner: repository.full_name.slice(0, repository.full_name.indexOf('/')),
      }
