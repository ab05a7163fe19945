import { expect, it } from 'vitest'
import { createProjectOpener } from '../../app/inbound/project-of.ts'
import { givenDeps, PLACE } from './webhook/handlers/given-deps.ts'

it('reads the configuration again when it was pushed while it was being read', async () => {
  const { engine, clock, github, deps } = await givenDeps()
  const { log, facts } = deps
  const opened = (changed: Partial<typeof facts> = {}) =>
    createProjectOpener({ engine, facts: { ...facts, ...changed }, log, now: () => clock.now() })
  const other = opened()
  expect((await other.settingsOf(PLACE)).key).toBe('DEV')
  for (const key of ['OPS', 'WEB']) {
    clock.pass(1)
    await other.forgetSettings(PLACE.repositoryId)
    const slow = opened({
      configurationFiles: async (place) => {
        const old = await facts.configurationFiles(place)
        github.configuration = `key: ${key}\n`
        clock.pass(1)
        await other.forgetSettings(PLACE.repositoryId)
        return old
      },
    })
    await slow.settingsOf(PLACE)
    expect((await other.settingsOf(PLACE)).key).toBe(key)
  }
})
