/** Our App's own account on GitHub: how its echoes in webhooks are told from people's changes. Asked at every start, which also shows whether the key is the App's; remembered for starts while GitHub is away. */
import type { Documents } from '../../engine/ports.ts'
import type { GitHub } from './client.ts'
import { isGitHubFault } from './client/fault.ts'

const KIND = 'own-account'

export interface OwnAccount {
  /** `muster[bot]`. No person can have such a login, and slugs are unique. */
  readonly botLogin: string
  isOurs(sender: { readonly login: string }): boolean
}

export const createOwnAccount = async (deps: {
  readonly github: GitHub
  readonly documents: Documents
  readonly appId: number
}): Promise<OwnAccount> => {
  const { github, documents, appId } = deps
  const known = await documents.get(KIND, String(appId))
  const slug = await askSlug(github).catch((error: unknown) => {
    const isAway = isGitHubFault(error) && error.retryable
    if (known === null || !isAway) throw error
    return known
  })
  if (known !== slug) await documents.put(KIND, String(appId), slug)
  const botLogin = `${slug}[bot]`
  return { botLogin, isOurs: ({ login }) => login === botLogin }
}

const askSlug = async (github: GitHub): Promise<string> => {
  const { data } = await github.asApp('GET /app')
  return data?.slug ?? ''
}
