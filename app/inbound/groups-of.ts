/**
 * How the account of an installation groups its projects, read from the account's configuration file alone and remembered for the
 * workspace. A file that is refused keeps the groups of before. Who may see which project is not decided here.
 */
import type { Millis } from '../domain/event/envelope.ts'
import type { Portfolio } from '../domain/portfolio/groups.ts'
import type { Log } from '../engine/log.ts'
import type { Documents } from '../engine/ports.ts'
import { groupsFrom } from './configuration/groups-from.ts'
import { parseConfiguration } from './configuration/parse-configuration.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'

const KIND = 'portfolios'
/** Read again after this, or at once when a push changes the account's file. */
const FRESH_MS: Millis = 15 * 60_000
/** The repository whose file is the account's. */
const ACCOUNT_REPOSITORY = '.github'

export const isAccountsOwn = ({ repository, owner }: Pick<RepositoryPlace, 'repository' | 'owner'>): boolean =>
  repository.toLowerCase() === `${owner}/${ACCOUNT_REPOSITORY}`.toLowerCase()

export interface Groups {
  /** Login of the account. */
  readonly account: string
  readonly portfolios: readonly Portfolio[]
  /** The line of the account's file where it is wrong, when it was refused; these groups are of before then. */
  readonly wrongLine: number | null
}

interface Remembered extends Groups {
  readonly readAt: Millis
  /** Tells one forgetting from another. */
  readonly forgottenAt?: Millis
}

const keyOf = (installationId: number): string => `workspace/${installationId}`

const parse = (text: string | null): Remembered | null => (text === null ? null : (JSON.parse(text) as Remembered))

/** The groups of every account, as they were read last; of an account that was installed twice, the newer ones. */
export const allGroups = async (
  documents: Pick<Documents, 'list'>,
): Promise<readonly { readonly installationId: number; readonly groups: Groups }[]> => {
  const all = (await documents.list(KIND)).map(({ key, value }) => ({
    installationId: Number(key.slice(key.indexOf('/') + 1)),
    groups: JSON.parse(value) as Remembered,
  }))
  const newest = new Map<string, (typeof all)[number]>()
  for (const one of all.toSorted((a, b) => a.installationId - b.installationId)) newest.set(one.groups.account, one)
  return [...newest.values()].sort((a, b) => (a.groups.account < b.groups.account ? -1 : 1))
}

export const createGroups = (deps: {
  readonly documents: Documents
  readonly facts: Pick<GitHubFacts, 'configurationFiles'>
  readonly log: Log
  readonly now: () => Millis
}) => {
  const { documents, facts, log, now } = deps

  /** The files of the repository and of its account; the groups are learned with them. */
  const readFiles = async (place: RepositoryPlace) => {
    const { installationId, owner } = place
    const before = await documents.get(KIND, keyOf(installationId))
    const files = await facts.configurationFiles(place)
    const last = parse(before)
    const parsed = parseConfiguration(files.account ?? '', owner)
    const wrongLine = parsed.ok ? null : (parsed.problems[0]?.line ?? 1)
    if (wrongLine !== null && wrongLine !== last?.wrongLine)
      log.warn('portfolios stay as they were', { account: owner, line: wrongLine })
    const portfolios = parsed.ok ? groupsFrom(parsed.configuration.portfolios, owner) : (last?.portfolios ?? [])
    const groups: Groups = { account: owner, portfolios, wrongLine }
    const remembered: Remembered = { ...groups, readAt: now() }
    // The file may have changed while it was read, and been forgotten by whoever heard of it: then it is read again.
    await documents.replace(KIND, keyOf(installationId), before, JSON.stringify(remembered))
    return { files, groups }
  }

  return {
    readFiles,
    async of(place: RepositoryPlace): Promise<Groups> {
      const last = parse(await documents.get(KIND, keyOf(place.installationId)))
      const isFresh = last !== null && now() - last.readAt <= FRESH_MS && last.account === place.owner
      return isFresh ? last : (await readFiles(place)).groups
    },
    /** The account's file may have changed: it is read at next use. */
    async forget({ installationId, owner }: RepositoryPlace): Promise<void> {
      const last = parse(await documents.get(KIND, keyOf(installationId)))
      const known: Groups = last ?? { account: owner, portfolios: [], wrongLine: null }
      // Also where nothing is known yet: somebody may be reading the file of before.
      const forgotten: Remembered = { ...known, readAt: 0, forgottenAt: now() }
      await documents.put(KIND, keyOf(installationId), JSON.stringify(forgotten))
    },
  }
}
