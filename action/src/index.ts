/** START HERE: plugs the runner in and runs. The only place where the step is failed. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as core from '@actions/core'
import { readHead } from './inputs/read-head.ts'
import { run } from './run.ts'

try {
  const { failure } = await run({
    env: process.env,
    readInput: (name) => core.getInput(name),
    now: () => Date.now(),
    sleep: async (ms) => {
      await sleep(ms)
    },
    fetch: globalThis.fetch,
    readHead,
    mask: core.setSecret,
    info: core.info,
    warn: (line) => core.warning(line),
    annotate: ({ file, line, title, message }) => core.error(message, { file, startLine: line, title }),
    setOutput: core.setOutput,
    writeSummary: async (markdown) => {
      // Outside a runner there is no page to write to.
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown).write()
    },
  })
  if (failure !== null) core.setFailed(failure)
} catch (error) {
  core.setFailed(error instanceof Error ? error.message : String(error))
}
