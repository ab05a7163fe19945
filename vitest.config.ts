import { defineConfig } from 'vitest/config'

/** The fast lane: everything under test/ that ends in .test.ts. The full lane adds *.full.ts (see package.json). */
export default defineConfig({
  test: {
    include: [process.env['MUSTER_LANE'] === 'full' ? 'test/**/*.{test,full}.ts' : 'test/**/*.test.ts'],
    globalSetup: ['test/contracts/postgres-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
