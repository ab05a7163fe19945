/** The git side of the sandbox, plugged together: a folder for the repositories, what they hold at first, git over HTTP. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Area } from '../areas.ts'
import { commitRoutes } from '../routes/commits.ts'
import { contentRoutes } from '../routes/contents.ts'
import { forkRoutes } from '../routes/forks.ts'
import { gitDataRoutes } from '../routes/git-data.ts'
import { refRoutes } from '../routes/refs.ts'
import { seedGit } from './seed-git.ts'
import { createGitStore } from './git-store.ts'
import { mountGit } from './serve-git.ts'
import { mountTexts } from './serve-text.ts'
import { setGitStore } from './world-git.ts'

export const gitArea: Area = {
  name: 'git',
  routes: [...refRoutes, ...gitDataRoutes, ...contentRoutes, ...commitRoutes, ...forkRoutes],
  mount(http, world) {
    mountGit(http, world)
    mountTexts(http, world)
  },
  async start(world) {
    const folder = await mkdtemp(join(tmpdir(), 'github-sandbox-'))
    const removeFolder = () => rm(folder, { recursive: true, force: true })
    try {
      const store = await createGitStore(folder)
      setGitStore(world.state, store)
      await seedGit(world)
      return () => {
        store.close()
        return removeFolder()
      }
    } catch (error) {
      await removeFolder()
      throw error
    }
  },
}
