import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { MUSTER_EVENTS, MUSTER_PERMISSIONS } from '../../app/sandbox/seed.ts'

test('the App has no more rights here than its manifest asks for', () => {
  const manifest = parse(readFileSync('app.yml', 'utf8')) as {
    readonly default_permissions: object
    readonly default_events: readonly string[]
  }
  expect(MUSTER_PERMISSIONS).toEqual(manifest.default_permissions)
  expect(MUSTER_EVENTS.toSorted()).toEqual(manifest.default_events.toSorted())
})
