/** Turns @mentions, #numbers, owner/repo#numbers and commit SHAs of a text into links, where what they name can be seen. */
import { type Caller } from '../../auth/caller.ts'
import type { Repository } from '../../model/repository.ts'
import { issueHtml } from '../../render/issue-address.ts'
import { findRepository, sameLogin } from '../../routes/repositories.ts'
import type { World } from '../../world.ts'

export interface ReferencePlace {
  readonly world: World
  readonly caller: Caller
  /** Where `#7` is looked for. */
  readonly repo: Repository
}

const REFERENCE = new RegExp(
  [
    String.raw`(?<![\w&/#@.-])(?:`,
    String.raw`@(?<login>[a-zA-Z\d](?:[a-zA-Z\d-]{0,38}))(?<bot>\[bot\])?`,
    String.raw`|(?:(?<owner>[\w-]{1,39})/(?<name>[\w.-]{1,100}))?#(?<number>\d{1,9})`,
    String.raw`|(?<sha>[\da-f]{40})`,
    String.raw`)(?![\w-])`,
  ].join(''),
  'g',
)

/** Takes and gives encoded HTML text; a name that means nothing stays as it is. */
export function linkReferences(place: ReferencePlace, encoded: string): string {
  return encoded.replaceAll(REFERENCE, (whole, ...rest) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>
    const href = groups['login']
      ? mention(place, groups['login'])
      : groups['sha']
        ? commit(place, groups['sha'])
        : issue(place, groups)
    if (href === undefined) return whole
    const shown = groups['sha'] ? `<code>${whole.slice(0, 7)}</code>` : whole
    return `<a class="reference" href="${href}">${shown}</a>`
  })
}

function mention({ world }: ReferencePlace, login: string): string | undefined {
  const account = world.state.accounts.find(
    (one) => sameLogin(one.login, login) || sameLogin(one.login, `${login}[bot]`),
  )
  return account && `/${encodeURIComponent(account.login)}`
}

function issue(place: ReferencePlace, groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { world, caller } = place
  const { owner, name, number } = groups
  const repository = owner && name ? findRepository(world, caller, owner, name) : place.repo
  const found = world.state.issues.find((one) => one.repositoryId === repository?.id && one.number === Number(number))
  return repository && found && new URL(issueHtml(world, repository, found)).pathname
}

function commit({ world, repo }: ReferencePlace, sha: string): string {
  const owner = world.state.accounts.get(repo.ownerId)?.login ?? ''
  return `/${encodeURIComponent(owner)}/${encodeURIComponent(repo.name)}/commit/${sha}`
}
