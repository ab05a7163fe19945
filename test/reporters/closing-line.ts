/**
 * Prints the one line that a machine reads at the end of a run: `12 passed, 0 failed, 1 skipped`. A run in which the two stores
 * did not pass the same number of contract tests has failed.
 */
import type { Reporter, TestModule } from 'vitest/node'

const CONTRACTS = ['contracts/store.sqlite.test.ts', 'contracts/store.postgres.test.ts'] as const

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    const passedIn = new Map<string, number>()
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed' || state === 'skipped') count[state] += 1
      }
      const contract = CONTRACTS.find((file) => module.moduleId.endsWith(file))
      if (contract !== undefined) {
        passedIn.set(contract, tests.filter((test) => test.result().state === 'passed').length)
      }
      // A file that could not even be loaded has no tests, but it has failed.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) count.failed += 1
    }
    const [sqlite, postgres] = CONTRACTS.map((file) => passedIn.get(file))
    const compared = sqlite !== undefined && postgres !== undefined && process.env['MUSTER_REQUIRE_POSTGRES'] === '1'
    if (compared && sqlite !== postgres) {
      console.error(`the store's contract passed ${sqlite} tests on SQLite and ${postgres} on Postgres`)
      count.failed += 1
      process.exitCode = 1
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
}
