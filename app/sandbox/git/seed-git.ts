/** Gives every seeded repository its git side: a default branch with the seed's files and the workflows below. */
import { SEED_FILES } from '../seed.ts'
import { fullName } from '../render/repository.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'
import { startBranch } from './git-refs.ts'
import { writeFiles } from './write-files.ts'
import { gitStoreOf } from './world-git.ts'

/** Continuous integration of the seeded repository: its tests, whose report the companion Action uploads. */
const WIDGETS_CI = `name: CI
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: npm test
      - uses: ./
        if: always()
        with:
          junit: junit.xml
`

const WORKFLOWS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'acme/widgets': { '.github/workflows/ci.yml': WIDGETS_CI },
}

export async function seedGit(world: World): Promise<void> {
  const store = gitStoreOf(world.state)
  const start = async (repository: Repository): Promise<void> => {
    const name = fullName(world, repository)
    const git = await store.create(repository.id, repository.defaultBranch)
    const sha = await writeFiles(git, {
      files: { ...SEED_FILES[name], ...WORKFLOWS[name] },
      message: 'Start',
      author: { name: 'Alice', email: 'alice@acme.example', date: isoSeconds(repository.createdAt) },
    })
    await startBranch(git, repository.defaultBranch, sha)
  }
  await Promise.all(world.state.repositories.all().map(start))
}
