/** How an author stands to a repository, as GitHub's author_association says it. */
import type { Schema } from '../http/description-types.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'

/** Everyone with a role on an organisation's repository is a member here; Apps' bots have no association. */
export function authorAssociation(
  world: World,
  repository: Repository,
  accountId: number,
): Schema<'author-association'> {
  if (repository.ownerId === accountId) return 'OWNER'
  if (world.state.accounts.get(accountId)?.type === 'Bot') return 'NONE'
  return repository.collaborators[accountId] ? 'MEMBER' : 'NONE'
}
