/** Waits until something is to be seen on GitHub, as a person who reloads the page would. */
import { REPOSITORY, type Stage } from '../stage.ts'
import type { Narrator } from './narrator.ts'
import { readScene, type Scene } from './outcome.ts'
import type { Person } from './person.ts'
import { waitFor } from './wait-for.ts'

export interface Watched {
  readonly stage: Stage
  readonly tell: Narrator
}

const placesToLook = ({ sandbox, logFile }: Stage, issue: number): string =>
  `${sandbox.url}/${REPOSITORY}/issues/${issue} and ${logFile}`

export async function waitForLabel(
  { stage, tell }: Watched,
  person: Person,
  issue: number,
  label: string,
): Promise<void> {
  let labels: readonly string[] = []
  tell.busy(`waiting for the label ${label}`)
  await waitFor({
    what: `the label ${label} on #${issue}`,
    async look() {
      const answer = await person.read<{ labels: readonly { name: string }[] }>(`/issues/${issue}`)
      labels = answer.labels.map(({ name }) => name)
      return labels.includes(label) ? true : undefined
    },
    seen: () => `the labels ${labels.join(', ') || '(none)'}`,
    where: placesToLook(stage, issue),
  })
}

/** Lists may be some seconds old, so that what is there may be missing for a while. */
export async function waitForScene(
  { stage, tell }: Watched,
  person: Person,
  issue: number,
  what: string,
  isThere: (scene: Scene) => boolean,
): Promise<Scene> {
  let scene: Scene | undefined
  tell.busy(`waiting for ${what}`)
  return waitFor({
    what,
    async look() {
      scene = await readScene(person, issue, stage.counts())
      return isThere(scene) ? scene : undefined
    },
    seen: () => {
      const checks = scene?.outcome.check_runs.map(({ name, status, conclusion }) => `${name}: ${conclusion ?? status}`)
      return `${scene?.records ?? 0} record comments and the check runs ${checks?.join(', ') || '(none)'}`
    },
    where: placesToLook(stage, issue),
  })
}
