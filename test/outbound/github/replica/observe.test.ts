import { expect, it } from 'vitest'
import { createGitHub } from '../../../../app/outbound/github/client.ts'
import { observe } from '../../../../app/outbound/github/replica/observe.ts'
import { SEED_KEYS } from '../../../sandbox/seed-keys.ts'
import { useNock } from '../use-nock.ts'

const nock = useNock()

const ROOT = 'http://github.test'
const ISSUE = {
  id: 'I_1',
  databaseId: 12,
  number: 12,
  repository: { databaseId: 401 },
  title: 'T',
  state: 'OPEN',
  labels: { nodes: [{ name: 'Status/Ready' }, { name: 'bug' }] },
  assignees: { nodes: [{ login: 'bob' }, { login: 'alice' }] },
  milestone: null,
  parent: null,
  blockedBy: { nodes: [] },
}
const repository = { id: 'R_1', databaseId: 401, issue: ISSUE, l0: { id: 'LA_1' }, l1: null }

const lookAt = async (answer: object) => {
  nock(ROOT)
    .post('/app/installations/5/access_tokens')
    .reply(201, { token: 'ghs_x', expires_at: new Date(Date.now() + 3_600_000).toISOString() })
  nock(ROOT).post('/graphql').reply(200, answer)
  const github = createGitHub({
    appId: 7,
    privateKey: SEED_KEYS.muster.privateKey,
    apiUrl: ROOT,
    buckets: { take: async () => ({ ok: true }), block: async () => {} },
    clock: { now: () => Date.now() },
    log: { warn: () => {} },
  })
  return observe({
    client: github.installation(5, 'result'),
    repository: { id: 401, owner: 'acme', name: 'widgets' },
    number: 12,
    recordNodeId: 'IC_1',
    labelNames: ['status/ready', 'status/done'],
  })
}
const failing = (type: string, ...path: string[]) => ({ type, path, message: 'x' })

it('sees a record that is gone, and labels that are not there', async () => {
  const errors = [failing('NOT_FOUND', 'record'), failing('INTERNAL', 'repository', 'l1')]
  const { observed, labelIds } = await lookAt({ data: { repository, record: null }, errors })
  expect(observed).toMatchObject({
    record: null,
    labels: ['status/ready'],
    open: true,
    issue: { id: 12, repositoryId: 401 },
  })
  expect(labelIds).toEqual({ 'status/ready': 'LA_1', 'status/done': null })
})

it('sees related issues, and says of which kind nothing was shown', async () => {
  const other = { id: 'I_3', number: 3, repository: { databaseId: 8, nameWithOwner: 'acme/other' } }
  const related = { ...repository, issue: { ...ISSUE, parent: null, blockedBy: { nodes: [other, null] } } }
  const shown = await lookAt({ data: { repository: related, record: null }, errors: [failing('NOT_FOUND', 'record')] })
  const place = { repository: 'acme/other', repositoryId: 8, number: 3 }
  const edge = { edge: 'blocked-by:task/8/3', nodeId: 'I_3', ...place }
  expect(shown.observed).toMatchObject({ related: { edges: [edge], hidden: [] }, assignees: ['alice', 'bob'] })
  nock.cleanAll()
  const errors = [failing('NOT_FOUND', 'record'), failing('FORBIDDEN', 'repository', 'issue', 'parent')]
  const partly = await lookAt({ data: { repository: related, record: null }, errors })
  expect(partly.observed.related).toEqual({ edges: [edge], hidden: ['parent'] })
})

it('does not take a record that GitHub failed to show for one that is gone', async () => {
  const errors = [failing('INTERNAL', 'record')]
  await expect(lookAt({ data: { repository, record: null }, errors })).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  })
  const lost = {
    data: { repository: { ...repository, issue: null }, record: null },
    errors: [failing('INTERNAL', 'repository', 'issue')],
  }
  await expect(lookAt(lost)).rejects.toMatchObject({ code: 'unavailable' })
})
