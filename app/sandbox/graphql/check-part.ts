/** Check runs as GraphQL makes and shows them. The rules are those of REST: both go through changes/check-runs.ts. */
import type { CheckFields, NewAnnotation } from '../changes/check-fields.ts'
import { createCheckRun, updateCheckRun } from '../changes/check-runs.ts'
import { doerAppId } from '../changes/doer.ts'
import { demandAccess, maySee } from '../auth/access.ts'
import { type CheckRun, checkRunsOf } from '../model/check.ts'
import { nodeId, parseNodeId } from '../model/ids.ts'
import type { Repository } from '../model/repository.ts'
import { checkRunHtml, repositoryOfCheck } from '../render/check.ts'
import { graphqlFault } from './graphql-fault.ts'
import { mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { slowMutation } from './slow-mutation.ts'
import { repositoryOfId } from './subject.ts'

type Input = Readonly<Record<string, unknown>>

const FIELDS = `
  actions: [CheckRunAction!]
  completedAt: DateTime
  conclusion: CheckConclusionState
  detailsUrl: URI
  externalId: String
  output: CheckRunOutput
  repositoryId: ID!
  startedAt: DateTime
  status: RequestableCheckStatusState`

const sdl = [
  `
  enum RequestableCheckStatusState { COMPLETED IN_PROGRESS PENDING QUEUED WAITING }
  enum CheckStatusState { COMPLETED IN_PROGRESS PENDING QUEUED REQUESTED WAITING }
  enum CheckConclusionState {
    ACTION_REQUIRED CANCELLED FAILURE NEUTRAL SKIPPED STALE STARTUP_FAILURE SUCCESS TIMED_OUT
  }
  enum CheckAnnotationLevel { FAILURE NOTICE WARNING }
  input CheckRunAction { description: String! identifier: String! label: String! }
  input CheckAnnotationRange { endColumn: Int endLine: Int! startColumn: Int startLine: Int! }
  input CheckAnnotationData {
    annotationLevel: CheckAnnotationLevel!
    location: CheckAnnotationRange!
    message: String!
    path: String!
    rawDetails: String
    title: String
  }
  input CheckRunOutputImage { alt: String! caption: String imageUrl: URI! }
  input CheckRunOutput {
    annotations: [CheckAnnotationData!]
    images: [CheckRunOutputImage!]
    summary: String!
    text: String
    title: String!
  }
  type CheckRun implements Node {
    completedAt: DateTime
    conclusion: CheckConclusionState
    databaseId: Int
    detailsUrl: URI
    externalId: String
    id: ID!
    name: String!
    repository: Repository!
    startedAt: DateTime
    status: CheckStatusState!
    summary: String
    text: String
    title: String
    url: URI!
  }`,
  mutationSdl('createCheckRun', `${FIELDS} headSha: GitObjectID! name: String!`, 'checkRun: CheckRun'),
  mutationSdl('updateCheckRun', `${FIELDS} checkRunId: ID! name: String`, 'checkRun: CheckRun'),
].join('\n')

export const checkPart: GraphqlPart = {
  sdl,
  resolvers: {
    CheckRun: {
      id: (one: CheckRun) => nodeId('CheckRun', one.id),
      databaseId: (one: CheckRun) => one.id,
      repository: (one: CheckRun, _args, c) => repositoryOfCheck(c.world, one),
      status: (one: CheckRun) => one.status.toUpperCase(),
      conclusion: (one: CheckRun) => one.conclusion?.toUpperCase() ?? null,
      detailsUrl: (one: CheckRun, _args, c) => one.detailsUrl ?? checkRunHtml(c.world, one),
      url: (one: CheckRun, _args, c) => checkRunHtml(c.world, one),
    },
    Mutation: {
      createCheckRun: slowMutation(async (input, c) => {
        const { repository, appId } = writer(input, c)
        const name = String(input['name'])
        const headSha = String(input['headSha'])
        const run = await createCheckRun(c, { repository, appId, headSha, name, fields: restFields(input) })
        return { checkRun: tagged(run) }
      }),
      updateCheckRun: slowMutation((input, c) => {
        const { repository, appId } = writer(input, c)
        const id = String(input['checkRunId'])
        const parsed = parseNodeId(id)
        const run = parsed?.kind === 'CheckRun' ? checkRunsOf(c.world.state).get(Number(parsed.key)) : undefined
        if (run?.repositoryId !== repository.id)
          throw graphqlFault('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
        const { name } = input
        const fields = { ...restFields(input), ...(typeof name === 'string' && { name }) }
        return { checkRun: tagged(updateCheckRun(c, run.id, appId, fields)) }
      }),
    },
  },
  nodes: {
    CheckRun: (key, c) => {
      const run = checkRunsOf(c.world.state).get(Number(key))
      return run && maySee(c.world, c.caller, repositoryOfCheck(c.world, run)) ? tagged(run) : null
    },
  },
}

function tagged(run: CheckRun) {
  return { __typename: 'CheckRun', ...run }
}

function writer(input: Input, c: GraphqlContext): { readonly repository: Repository; readonly appId: number } {
  const repository = repositoryOfId(c, String(input['repositoryId']))
  demandAccess(c.world, c.caller, repository, { permission: { checks: 'write' }, write: true })
  const appId = doerAppId(c)
  if (appId === null) throw graphqlFault('FORBIDDEN', 'You must authenticate via a GitHub App.')
  return { repository, appId }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Leaves out what was not given or given as null, as REST does with absent members. */
function given<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}

function restFields(input: Input): CheckFields {
  const output = input['output'] as Input | null | undefined
  return given<CheckFields>({
    details_url: text(input['detailsUrl']),
    external_id: text(input['externalId']),
    status: text(input['status'])?.toLowerCase(),
    started_at: text(input['startedAt']),
    conclusion: text(input['conclusion'])?.toLowerCase(),
    completed_at: text(input['completedAt']),
    output: output ? restOutput(output) : undefined,
    actions: (input['actions'] as CheckFields['actions'] | null) ?? undefined,
  })
}

function restOutput(output: Input): NonNullable<CheckFields['output']> {
  const annotations = output['annotations'] as readonly Input[] | null | undefined
  return given<NonNullable<CheckFields['output']>>({
    title: text(output['title']),
    summary: String(output['summary']),
    text: text(output['text']),
    annotations: annotations?.map(restAnnotation),
  })
}

function restAnnotation(one: Input): NewAnnotation {
  const location = one['location'] as Readonly<Record<string, number | null>>
  return given<NewAnnotation>({
    path: String(one['path']),
    start_line: location['startLine'] ?? 0,
    end_line: location['endLine'] ?? 0,
    start_column: location['startColumn'] ?? undefined,
    end_column: location['endColumn'] ?? undefined,
    annotation_level: String(one['annotationLevel']).toLowerCase() as NewAnnotation['annotation_level'],
    message: String(one['message']),
    title: text(one['title']),
    raw_details: text(one['rawDetails']),
  })
}
