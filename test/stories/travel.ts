/** Issues sent from one repository to another on the sandbox, as people do it, and what stands where afterwards. */
import type { StreamId } from '../../app/domain/event/envelope.ts'
import type { Task } from '../../app/domain/task/state.ts'
import { changeInstallation } from '../../app/sandbox/control/change-installation.ts'
import { verifySeal } from '../../app/outbound/github/record/verify-record.ts'
import { parseRecordKeys } from '../../app/outbound/github/record/record-keys.ts'
import { sealedFieldsSchema } from '../../schemas/record.ts'
import { RECORD_KEYS, type Play } from './play.ts'

const parsed = parseRecordKeys(RECORD_KEYS)
if (!parsed.ok) throw new Error(parsed.problem)
export const { keys } = parsed

const nodeId = async (p: Play, path: string): Promise<string> =>
  ((await p.as('alice').get(path)).json as { node_id: string }).node_id

/** The issue's number there. `path`: of the issue, as it is found now. */
export const send = async (p: Play, path: string, to: string): Promise<number> => {
  const { json } = await p.as('alice').post('/graphql', {
    query: 'mutation M($i: TransferIssueInput!) { transferIssue(input: $i) { issue { number } } }',
    variables: { i: { issueId: await nodeId(p, path), repositoryId: await nodeId(p, `/repos/${to}`) } },
  })
  const number = (json as { data?: { transferIssue: { issue: { number: number } } } }).data?.transferIssue.issue.number
  if (number === undefined) throw new Error(JSON.stringify(json))
  return number
}

/** Muster is installed on these repositories only. */
export const installOn = (p: Play, names: readonly string[] | 'all'): void => {
  const problem = changeInstallation(p.sandbox.world, p.sandbox.seed.installations.muster, { repositories: names })
  if (problem !== null) throw new Error(problem)
}

export const taskOf = async (p: Play, stream: StreamId): Promise<Task> => {
  const found = await p.app.store.projections.task(stream)
  if (found === null) throw new Error(`no ${stream}`)
  return found.task
}

export const eventsOf = async (p: Play, stream: StreamId): Promise<readonly string[]> =>
  (await p.app.store.log.read(stream)).map(({ type }) => type)

/** Comments of ours with a record on the issue: which stream, and for which place they are signed. */
export const recordsOn = (p: Play, repositoryId: number, number: number) => {
  const { state } = p.sandbox
  const issue = state.issues.all().find((one) => one.repositoryId === repositoryId && one.number === number)
  return state.comments
    .where((one) => one.issueId === issue?.id && one.body.includes('<!-- muster:record '))
    .map(({ body }) => {
      const sealed = verifySeal('record', body, keys)
      if (!sealed.ok) return sealed.problem
      const { stream, origin } = sealedFieldsSchema.parse(sealed.json)
      return { stream, at: `${origin.repositoryId}#${origin.issueNumber}`, isIssue: origin.issueId === issue?.id }
    })
}

export const labelsOn = async (p: Play, repository: string, number: number): Promise<readonly string[]> =>
  ((await p.as('alice').get(`/repos/${repository}/issues/${number}`)).json as { labels: { name: string }[] }).labels
    .map(({ name }) => name)
    .sort()
