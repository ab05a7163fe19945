/**
 * `npm run demo`: one task's whole life on a GitHub on this machine, told on the terminal and checked at the end. It stays
 * up for looking around until Ctrl-C; with --once it exits.
 */
import { bugOfSeed } from './bugs/bugs.ts'
import { type DemoOptions, parseOptions, USAGE } from './options.ts'
import { openStage, REPOSITORY, type Stage } from './stage.ts'
import { judge, MOST_REQUESTS, requestTable } from './story/judge.ts'
import { createNarrator, type Narrator } from './story/narrator.ts'
import { readScene, type Scene } from './story/outcome.ts'
import { createPerson } from './story/person.ts'
import { play } from './story/play.ts'
import { waitFor, WaitedTooLong } from './story/wait-for.ts'

/** After the merge the last writes may still be under way. */
const SETTLE_MS = 20_000

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) return console.log(USAGE)
  const tell = createNarrator(options.json ? process.stderr : process.stdout, process.env)
  tell.heading(`Muster: one task's whole life, on a GitHub on your laptop (seed ${options.seed})`)
  tell.busy('starting a GitHub and the App')
  const stage = await openStage(options.seed)
  // A story that was cut off did not end as it should.
  const signal = stopOnSignals(stage, tell, options.once ? 1 : 0)
  tell.good('GitHub', stage.sandbox.url)
  tell.good('Muster, a process of its own', stage.app.url)
  const died = stage.app.ended.then((how): never => {
    throw new Error(`The App ${how}; see ${stage.logFile}`)
  })
  const ended = await Promise.race([playAndJudge(options, stage, tell), died]).catch((error: unknown) => {
    if (!signal.came()) tell.bad(error instanceof Error ? error.message : String(error))
    return false
  })
  if (options.once && !signal.came()) {
    await stage.close(!ended)
    process.exit(ended ? 0 : 1)
  }
  if (!signal.came()) {
    tell.heading(`It stays up for you to look ${ended ? 'around' : 'into it'}. Stop with Ctrl-C.`)
    tell.detail(`the App's log: ${stage.logFile}`)
  }
  await signal.stopped
}

async function playAndJudge(options: DemoOptions, stage: Stage, tell: Narrator): Promise<boolean> {
  const { sandbox } = stage
  const issue = await play({ stage, bug: bugOfSeed(options.seed), tell })
  const alice = createPerson(sandbox.url, REPOSITORY, 'alice', sandbox.tokens.alice)
  const look = () => readScene(alice, issue, stage.counts())
  const { scene, problems } = await settled(look, `${sandbox.url}/${REPOSITORY}/issues/${issue}`)
  const unsupported = sandbox.log.unsupported.map((what) => `The sandbox was asked for what it does not know: ${what}.`)
  const violations = sandbox.log.violations.map((what) => `The sandbox broke GitHub's own description: ${what}.`)
  const all = [...problems, ...unsupported, ...violations]

  tell.heading('The end')
  for (const problem of all) tell.bad(problem)
  const { requests } = scene.outcome
  if (requests.total > MOST_REQUESTS) for (const row of requestTable(requests.by_route)) tell.detail(row)
  const cost = `${requests.total} GitHub requests (App ${requests.app}, Action ${requests.action})`
  tell.good(`all of it took ${cost}; the limit is ${MOST_REQUESTS}`)
  tell.good('the thread', `${sandbox.url}/${REPOSITORY}/issues/${issue}`)
  if (scene.pull !== null) tell.good('the pull request', scene.pull.url)
  if (options.json) process.stdout.write(`${JSON.stringify(scene.outcome)}\n`)
  return all.length === 0
}

/** The end as it is once nothing is missing any more, or once the time for that is over. */
async function settled(
  look: () => Promise<Scene>,
  where: string,
): Promise<{ readonly scene: Scene; readonly problems: readonly string[] }> {
  let scene = await look()
  let problems = judge(scene)
  const again = async () => {
    scene = await look()
    problems = judge(scene)
    return problems.length === 0 ? true : undefined
  }
  const wait = {
    what: 'the end of the story',
    look: again,
    seen: () => problems.join(' '),
    where,
    timeoutMs: SETTLE_MS,
  }
  await waitFor(wait).catch((error: unknown) => {
    if (!(error instanceof WaitedTooLong)) throw error
  })
  return { scene, problems }
}

interface StopSignal {
  readonly came: () => boolean
  /** Never resolves: the process ends when everything is stopped. */
  readonly stopped: Promise<never>
}

function stopOnSignals(stage: Stage, tell: Narrator, code: number): StopSignal {
  let came = false
  const stop = (): void => {
    if (came) return
    came = true
    tell.busy('stopping')
    void stage.close(false).then(
      () => {
        tell.good('stopped')
        process.exit(code)
      },
      () => process.exit(1),
    )
  }
  const stopped = new Promise<never>(() => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
  })
  return { came: () => came, stopped }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
