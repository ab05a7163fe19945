import { defineConfig } from 'vitest/config'

/** The fast lane is everything under test/ that ends in .test.ts; the full lane is what ends in .full.ts. */
export default defineConfig({
  test: {
    include: [process.env['MUSTER_LANE'] === 'full' ? 'test/**/*.full.ts' : 'test/**/*.test.ts'],
    globalSetup: ['test/contracts/postgres-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/reporters/closing-line.ts'],
  },
})
