/** Every repository that the App can reach: one request per hundred installations and per hundred repositories of each. */
import type { ScanPlace } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'

const PER_PAGE = 100

export const installedRepositories = async (github: GitHub): Promise<readonly ScanPlace[]> => {
  const places: ScanPlace[] = []
  const installations = await pages((page) =>
    github.asApp('GET /app/installations', { per_page: PER_PAGE, page }).then(({ data }) => data),
  )
  for (const { id: installationId, suspended_at: suspendedAt } of installations) {
    if (suspendedAt !== null) continue
    const client = github.installation(installationId, 'cosmetic')
    const repositories = await pages((page) =>
      client.rest.apps
        .listReposAccessibleToInstallation({ per_page: PER_PAGE, page })
        .then(({ data }) => data.repositories),
    )
    for (const { id, node_id, full_name, owner } of repositories) {
      places.push({
        installationId,
        repository: full_name,
        repositoryId: id,
        repositoryNodeId: node_id,
        owner: owner.login,
      })
    }
  }
  return places
}

const pages = async <T>(read: (page: number) => Promise<readonly T[]>): Promise<readonly T[]> => {
  const all: T[] = []
  for (let page = 1; ; page += 1) {
    const rows = await read(page)
    all.push(...rows)
    if (rows.length < PER_PAGE) return all
  }
}
