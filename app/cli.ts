/**
 * Muster's command line: `node app/cli.ts restore acme/widgets`, and so on; npm scripts of the same names. Reads the
 * configuration, opens what the command needs, prints its result. What each command does stands in inbound/cli/.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compose, composeEngine, composeRestore } from './compose.ts'
import { ConfigFault, readConfig, readStoreConfig, type Config, type StoreConfig } from './config.ts'
import { summarise } from './engine/fault.ts'
import { fold } from './engine/fold.ts'
import { agentKeyCommand } from './inbound/cli/agent-key.ts'
import { auditCommand } from './inbound/cli/audit.ts'
import { flushCommand } from './inbound/cli/flush.ts'
import { restoreCommand } from './inbound/cli/restore.ts'
import { portfolioCommand } from './inbound/cli/portfolio.ts'
import { replayCommand } from './inbound/cli/replay.ts'
import { renderResult, type CliResult } from './inbound/cli/result.ts'
import { resumeCommand } from './inbound/cli/resume.ts'
import { backupCommand, dumpCommand, rebuildCommand } from './inbound/cli/store-commands.ts'
import { verifyCommand } from './inbound/cli/verify.ts'
import { isGitHubFault } from './outbound/github/client/fault.ts'
import { enterWorld } from './store/enter-world.ts'
import { SQLITE_FILE } from './store/open-store.ts'

/** A flush gives up after this; what is left is said. */
const FLUSH_MS = 10 * 60_000

type Command = (argv: readonly string[]) => Promise<CliResult>

/** Standard error is for what went wrong: the App's everyday news are no news here. */
const quietly = <C extends StoreConfig>(config: C): C => ({
  ...config,
  logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel,
})

/** The same, once it is said where the configuration was found; commands read and write the data of their own GitHub only. */
const entered = async <C extends StoreConfig>(config: C): Promise<C> => {
  if (config.found !== null) console.error(`muster: ${config.found}`)
  // Commands on the store alone may be given no environment at all, and then say nothing of a sandbox.
  if (config.world !== 0 || 'appId' in config) await enterWorld(config, config.world, 'refuse')
  return quietly(config)
}

/** Without a database there is nothing to show or change: one is only made by the App and by a restore. */
const existing = <C extends StoreConfig>(config: C): C => {
  const path = join(config.dataDir, SQLITE_FILE)
  if (config.databaseUrl === null && !existsSync(path)) {
    throw new ConfigFault(
      `there is no database at ${path}: name the App's folder with --data, or start the App there first`,
    )
  }
  return config
}

type Core = Awaited<ReturnType<typeof composeEngine>>

const onStore =
  (run: (core: Core, config: StoreConfig, argv: readonly string[]) => Promise<CliResult>): Command =>
  async (argv) => {
    const config = await entered(existing(readStoreConfig(argv)))
    const core = await composeEngine(config)
    try {
      return await run(core, config, argv)
    } finally {
      await core.store.close()
    }
  }

const repositoryIn = ({ args: [repository = ''] }: StoreConfig): string => {
  if (/^[\w.-]+\/[\w.-]+$/.test(repository)) return repository
  throw new ConfigFault('say which repository: npm run restore -- owner/repo')
}

const alone = async ({ store }: Pick<Core, 'store'>, config: Config): Promise<void> => {
  if (await store.startWorking()) return
  throw new ConfigFault(`an App works on ${config.dataDir}: stop it first`)
}

const restore: Command = async (argv) => {
  const asked = readConfig(argv)
  // Before a database is made: the next command would find it and call it right.
  const repository = repositoryIn(asked)
  const config = await entered(asked)
  const core = await composeRestore(config)
  const { store, engine, restorer } = core
  try {
    await alone(core, config)
    const found = await restorer.find(repository)
    return await restoreCommand({
      project: found.project,
      restore: () => restorer.restore(found, 'all'),
      documents: store.documents,
      id: engine.ids.ulid(),
      installationId: found.installationId,
    })
  } finally {
    await store.close()
  }
}

const flush: Command = async (argv) => {
  const config = await entered(existing(readConfig(argv)))
  const app = await compose(config)
  const { inbox, outbox } = app.store
  let working = false
  try {
    return await flushCommand({
      inbox,
      outbox,
      clock: { now: () => Date.now() },
      sleep: (ms) => sleep(ms),
      timeoutMs: FLUSH_MS,
      lastWritten: () => app.ledgers.lastWritten(),
      withheld: () => app.ledgers.withheld(),
      // Where an App runs, it does the work; where none does, this process does.
      work: async () => {
        if (working || !(await app.store.startWorking())) return
        working = true
        await app.workOff()
      },
    })
  } finally {
    await app.stop()
  }
}

const credentialsFor = (argv: readonly string[], repository: string): Config => {
  try {
    return readConfig(argv)
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    throw new ConfigFault(
      `nothing is known of ${repository} here: check the name, comment /task on an issue there first, or give the App's credentials with --env-file (${error.message})`,
    )
  }
}

/** Only a repository that no App has met yet has to be asked for on GitHub. */
const findProject = async (argv: readonly string[], repository: string) => {
  const core = await composeRestore(quietly(credentialsFor(argv, repository)))
  try {
    return (await core.restorer.find(repository)).project
  } catch (error) {
    if (!isGitHubFault(error, 'not-found')) throw error
    throw new ConfigFault(`the App is not installed on ${repository}: check the name, or install it there first`)
  } finally {
    await core.store.close()
  }
}

const verifyLog = onStore(({ store, engine }) => verifyCommand({ ...store, fold, sha256: engine.sha256 }))

const verify: Command = async (argv) => {
  const { args } = readStoreConfig(argv)
  if (args.length === 0) return verifyLog(argv)
  const config = await entered(existing(readConfig(argv)))
  const repository = repositoryIn(config)
  const core = await composeRestore(config)
  const { store } = core
  try {
    const project = await store.projections.projectByRepository(repository)
    if (project === null) throw new ConfigFault(`nothing is known of ${repository} here: check the name, and --data`)
    return await auditCommand({ outbox: store.outbox, audit: () => core.audit(project) })
  } catch (error) {
    // Not even begun: nothing is known to be wrong.
    if (!isGitHubFault(error)) throw error
    return {
      exitCode: 2,
      lines: [`${repository} could not be read: ${error.message}`],
      json: { unread: error.message },
    }
  } finally {
    await store.close()
  }
}

const COMMANDS: Readonly<Record<string, Command>> = {
  restore,
  flush,
  verify,
  rebuild: onStore(({ store }) => rebuildCommand({ log: store.log, fold })),
  dump: onStore(({ store }, { at }) => dumpCommand(store, fold, at)),
  backup: onStore(({ store }, { args }) => backupCommand(store, args[0])),
  portfolio: onStore(({ store }, { args }) => portfolioCommand(store, args.join(' ').trim() || null)),
  replay: onStore(({ store }) => replayCommand(store.inbox)),
  resume: onStore(({ engine }, { args }) => resumeCommand(engine, args[0])),
  'agent-key': onStore(({ store }, config, argv) =>
    agentKeyCommand(
      {
        projections: store.projections,
        agentKeys: store.agentKeys,
        findProject: (repository) => findProject(argv, repository),
      },
      config,
    ),
  ),
}

const isMistake = ({ json }: CliResult): boolean => typeof json === 'object' && json !== null && 'error' in json

const main = async (): Promise<void> => {
  const [name = '', ...argv] = process.argv.slice(2)
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    throw new ConfigFault(`there is no command "${name}": use one of ${Object.keys(COMMANDS).join(', ')}`)
  }
  const result = await command(argv)
  const json = argv.includes('--json')
  // A result goes to standard output, a good one or not; what was asked wrongly, for people, to standard error.
  if (isMistake(result) && !json) console.error(`muster: ${result.lines.join(' ')}`)
  else process.stdout.write(renderResult(result, json))
  process.exitCode = result.exitCode
}

main().catch((error: unknown) => {
  console.error(`muster: ${error instanceof Error && 'code' in error ? error.message : summarise(error)}`)
  process.exitCode = 1
})
