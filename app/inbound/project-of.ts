/** The project of a repository: opened on first use, its settings read from configuration and remembered. */
import { MUSTER } from '../domain/actor.ts'
import { projectStream, type Millis, type StreamId } from '../domain/event/envelope.ts'
import { DEFAULT_SETTINGS, type Settings } from '../domain/settings.ts'
import { factCause } from '../engine/cause.ts'
import { handleCommand, type Engine } from '../engine/handle-command.ts'
import type { Log } from '../engine/log.ts'
import type { Documents } from '../engine/ports.ts'
import { parseConfiguration, type ConfigurationProblem } from './configuration/parse-configuration.ts'
import { settingsFrom } from './configuration/settings-from.ts'
import { createGroups, isAccountsOwn } from './groups-of.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'

const KIND = 'settings'
/** Settings are read again after this, or at once when a push changes the file. */
const FRESH_MS: Millis = 15 * 60_000

export interface OpenProject {
  readonly stream: StreamId
  readonly prefix: string
  readonly settings: Settings
}

/** Why the configuration as it stands was not taken. */
export interface RefusedConfiguration {
  /** Whose file it is. */
  readonly of: 'repository' | 'account'
  /** The first one. */
  readonly problem: ConfigurationProblem
  /** How many there are beside it. */
  readonly more: number
  readonly inForce: 'last-good' | 'defaults'
  /** Somebody was told of it. */
  readonly told: boolean
}

interface Remembered {
  readonly settings: Settings
  readonly readAt: Millis
  readonly refused?: RefusedConfiguration
  /** Tells one forgetting from another. */
  readonly forgottenAt?: Millis
}

/** Settings that an earlier version remembered lack what came later. */
const parseRemembered = (text: string | null): Remembered | null => {
  if (text === null) return null
  const remembered = JSON.parse(text) as Remembered
  return { ...remembered, settings: { ...DEFAULT_SETTINGS, ...remembered.settings } }
}

/** The stored settings of a project: what decisions use. */
export const storedSettings =
  (documents: Documents) =>
  async (project: StreamId): Promise<Settings> =>
    parseRemembered(await documents.get(KIND, project))?.settings ?? DEFAULT_SETTINGS

export const createProjectOpener = (deps: {
  readonly engine: Engine
  readonly facts: GitHubFacts
  readonly log: Log
  readonly now: () => Millis
}) => {
  const { engine, facts, log, now } = deps
  const { documents, projections } = engine.store
  const groups = createGroups({ documents, facts, log, now })

  const readSettings = async (place: RepositoryPlace, stream: StreamId, text: string | null): Promise<Settings> => {
    const last = parseRemembered(text)
    const { files } = await groups.readFiles(place)
    const isAccounts = files.repository === null || isAccountsOwn(place)
    const parsed = parseConfiguration(files.repository ?? files.account ?? '', isAccounts ? place.owner : null)
    if (!parsed.ok)
      log.warn('configuration refused, the last good one stays', { project: stream, ...about(parsed.problems) })
    const settings = parsed.ok ? settingsFrom(parsed.configuration) : (last?.settings ?? DEFAULT_SETTINGS)
    // The file may have changed while it was read, and been forgotten by whoever heard of it: then it is read again.
    const refused = parsed.ok ? {} : { refused: refusal(parsed.problems, files.repository === null, last) }
    const remembered = JSON.stringify({ settings, readAt: now(), ...refused } satisfies Remembered)
    await documents.replace(KIND, stream, text, remembered)
    return settings
  }

  const settingsOf = async (place: RepositoryPlace): Promise<Settings> => {
    const stream = projectStream(place.repositoryId)
    const text = await documents.get(KIND, stream)
    const last = parseRemembered(text)
    const stale = last === null || now() - last.readAt > FRESH_MS
    return stale ? readSettings(place, stream, text) : last.settings
  }

  return {
    settingsOf,
    /** How the account groups its projects. */
    groupsOf: (place: RepositoryPlace) => groups.of(place),
    /** Idempotent; brings name, installation, prefix and settings up to date. */
    async open(place: RepositoryPlace): Promise<OpenProject> {
      const stream = projectStream(place.repositoryId)
      const settings = await settingsOf(place)
      const known = await projections.project(stream)
      // Keys stay when a repository is renamed.
      const prefix = settings.key ?? known?.prefix ?? prefixFrom(place.repository)
      const same =
        known !== null &&
        known.repository === place.repository &&
        known.installationId === place.installationId &&
        known.prefix === prefix
      if (!same) {
        const { repositoryId, repositoryNodeId, repository, installationId } = place
        const { version } = await engine.store.log.load(stream)
        await handleCommand(engine, {
          stream,
          command: { type: 'open-project', repositoryId, repositoryNodeId, repository, installationId, prefix },
          actor: MUSTER,
          cause: factCause(stream, 'open', `${version}:${repository}:${installationId}:${prefix}`),
        })
      }
      return { stream, prefix, settings }
    },
    /** The account's file may have changed: what all its projects read of it is read at next use. */
    forgetGroups: (place: RepositoryPlace) => groups.forget(place),
    /** The file may have changed: read it at next use. */
    async forgetSettings(repositoryId: number): Promise<void> {
      const stream = projectStream(repositoryId)
      const text = await documents.get(KIND, stream)
      if (text === null) return
      const last = JSON.parse(text) as Remembered
      const forgotten: Remembered = { ...last, readAt: 0, forgottenAt: now() }
      await documents.put(KIND, stream, JSON.stringify(forgotten))
    },
    /** What is wrong with the configuration that was read last; null when nothing is. */
    async configurationProblem(repositoryId: number): Promise<RefusedConfiguration | null> {
      return parseRemembered(await documents.get(KIND, projectStream(repositoryId)))?.refused ?? null
    },
    /** Somebody is told of it: others are only where they get words anyway. */
    async configurationTold(repositoryId: number): Promise<void> {
      const stream = projectStream(repositoryId)
      const text = await documents.get(KIND, stream)
      const last = parseRemembered(text)
      if (last?.refused === undefined) return
      const told: Remembered = { ...last, refused: { ...last.refused, told: true } }
      await documents.replace(KIND, stream, text, JSON.stringify(told))
    },
  }
}

export type ProjectOpener = ReturnType<typeof createProjectOpener>

const about = (problems: readonly ConfigurationProblem[]) => ({
  problems: problems.length,
  line: problems[0]?.line,
  first: problems[0]?.message,
})

/** The same problem, read again, was told already; another one was not. */
const refusal = (
  problems: readonly ConfigurationProblem[],
  isAccounts: boolean,
  last: Remembered | null,
): RefusedConfiguration => {
  const [problem = { line: 1, column: 1, message: 'it cannot be read' }] = problems
  const before = last?.refused
  const isSame = before?.problem.line === problem.line && before.problem.message === problem.message
  return {
    of: isAccounts ? 'account' : 'repository',
    problem,
    more: Math.max(0, problems.length - 1),
    inForce: last === null ? 'defaults' : (before?.inForce ?? 'last-good'),
    told: isSame && before.told,
  }
}

const MAX_PREFIX = 8

/** `widgets` → `WIDGETS`; names without a letter in front get one. */
export const prefixFrom = (repository: string): string => {
  const name = repository.slice(repository.indexOf('/') + 1).toUpperCase()
  const letters = name.replaceAll(/[^A-Z0-9]/g, '')
  return (/^[A-Z]/.test(letters) ? letters : `T${letters}`).slice(0, MAX_PREFIX)
}
