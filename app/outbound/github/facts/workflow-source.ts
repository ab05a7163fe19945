/** A workflow's file, and those that it calls from its own repository, on the commit that ran and on the default branch. */
import type { FileTexts, WorkflowTexts } from '../reports/decide-trust.ts'
import { readCalls } from '../reports/workflow-jobs.ts'
import type { RunFacts, RunPlace } from './run-facts.ts'

export interface WorkflowSource {
  readonly texts: WorkflowTexts
  readonly defaultBranch: string | null
}

/** What calls more is not read to its end, and then not taken for CI's. */
const MAX_CALLED = 20

/** One request, and one more for each level of calls. Only what stands on both alike is looked into for calls. */
export const readWorkflowSource = async (
  place: RunPlace,
  { headSha, path }: Pick<RunFacts, 'headSha' | 'path'>,
): Promise<WorkflowSource> => {
  const { files, defaultBranch } = await readFiles(place, headSha, [path])
  const own = files.get(path) ?? { head: null, defaultBranch: null }
  const called = new Map<string, FileTexts>()
  let next = callsOf([own])
  while (next.length > 0 && called.size + next.length <= MAX_CALLED) {
    const level = await readFiles(place, headSha, next)
    for (const [name, texts] of level.files) called.set(name, texts)
    next = callsOf([...level.files.values()]).filter((name) => !called.has(name))
  }
  return { texts: { ...own, called }, defaultBranch }
}

const callsOf = (files: readonly FileTexts[]): readonly string[] => [
  ...new Set(
    files.flatMap(({ head, defaultBranch }) => (head === null || head !== defaultBranch ? [] : readCalls(head))),
  ),
]

interface Blob {
  readonly text?: string | null
}

interface Answer {
  readonly repository: { readonly defaultBranchRef: { readonly name: string } | null } & Readonly<
    Record<`head${number}` | `default${number}`, Blob | null | undefined>
  >
}

const readFiles = async (
  { client, owner, repo }: RunPlace,
  headSha: string,
  paths: readonly string[],
): Promise<{ readonly files: ReadonlyMap<string, FileTexts>; readonly defaultBranch: string | null }> => {
  const names = paths.flatMap((_, n) => [`head${n}`, `default${n}`])
  const query = `query WorkflowTexts($owner: String!, $name: String!, ${names.map((one) => `$${one}: String!`).join(', ')}) {
    repository(owner: $owner, name: $name) {
      ${names.map((one) => `${one}: object(expression: $${one}) { ... on Blob { text } }`).join('\n      ')}
      defaultBranchRef { name }
    }
  }`
  const places = paths.flatMap((path, n) => [
    [`head${n}`, `${headSha}:${path}`],
    [`default${n}`, `HEAD:${path}`],
  ])
  const { repository } = await client.graphql<Answer>(query, { owner, name: repo, ...Object.fromEntries(places) })
  const files = paths.map((path, n) => {
    const texts = { head: repository[`head${n}`]?.text ?? null, defaultBranch: repository[`default${n}`]?.text ?? null }
    return [path, texts] as const
  })
  return { files: new Map(files), defaultBranch: repository.defaultBranchRef?.name ?? null }
}
