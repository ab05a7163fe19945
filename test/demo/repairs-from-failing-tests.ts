/** One claim about one bug: told which tests fail, the agent finds an edit after which all of them pass. */
import { expect } from 'vitest'

import { repair } from '../../demo/agent/repair/repair.ts'
import type { Bug } from '../../demo/bugs/bugs.ts'
import { brokenWidgets } from '../../demo/bugs/widgets.ts'
import { failingTests, scratchProject } from './scratch-project.ts'

export async function repairsFromFailingTests(bug: Bug): Promise<void> {
  const project = await scratchProject(await brokenWidgets(bug))
  const found = await repair(project, await failingTests(project), { read: () => {}, wrote: () => {} })
  expect(found?.file).toBe(bug.file)
  expect(await failingTests(project)).toEqual([])
}
