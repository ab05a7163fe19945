import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Processes that tests start compile each file once for all of them, as those of the npm scripts do.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'muster')

const isFull = process.env['MUSTER_LANE'] === 'full'

/** The fast lane is everything under test/ that ends in .test.ts; the full lane is what ends in .full.ts. */
export default defineConfig({
  test: {
    include: [isFull ? 'test/**/*.full.ts' : 'test/**/*.test.ts'],
    globalSetup: [
      'test/temporary-folder-setup.ts',
      'test/contracts/postgres-setup.ts',
      'test/sandbox/seed-keys-setup.ts',
    ],
    pool: 'forks',
    // The stories wait more than they work: one worker more than the small machines of CI have cores. The full lane's
    // files start many processes each.
    maxWorkers: isFull ? 2 : 3,
    // A worker keeps what it has loaded for the next file: loading the App anew was a quarter of the lane's time.
    isolate: false,
    // The stories talk over real HTTP on machines shared with others: one that was starved gets a second try, and is shown.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/reporters/closing-line.ts'],
  },
})
