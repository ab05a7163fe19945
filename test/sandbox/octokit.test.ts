import { createAppAuth } from '@octokit/auth-app'
import { graphql } from '@octokit/graphql'
import { Octokit } from '@octokit/rest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createClient } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

/** The official clients, told nothing but another base URL. */
let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  createClient(sandbox)
})
afterEach(() => sandbox.close())

const WIDGETS = { owner: 'acme', repo: 'widgets' }

const asApp = (auth: object = {}) =>
  new Octokit({
    baseUrl: sandbox.url,
    authStrategy: createAppAuth,
    auth: { appId: sandbox.seed.muster.id, privateKey: SEED_KEYS.muster.privateKey, ...auth },
  })

describe('@octokit/auth-app with @octokit/rest', () => {
  it('signs in as the App, finds its installation and acts in it', async () => {
    const { data: installation } = await asApp().rest.apps.getRepoInstallation(WIDGETS)
    const octokit = asApp({ installationId: installation.id })
    const { data: issue } = await octokit.rest.issues.create({ ...WIDGETS, title: 'From Octokit' })
    expect(issue).toMatchObject({ number: 1, user: { login: 'muster[bot]' } })
    await octokit.rest.issues.addLabels({ ...WIDGETS, issue_number: 1, labels: ['status/ready'] })
    const { data: labels } = await octokit.rest.issues.listLabelsOnIssue({ ...WIDGETS, issue_number: 1 })
    expect(labels.map((label) => label.name)).toEqual(['status/ready'])
  })

  it('walks all pages by their Link headers', async () => {
    const octokit = new Octokit({ baseUrl: sandbox.url, auth: sandbox.tokens.bob })
    for (let i = 0; i < 5; i++) await octokit.rest.issues.create({ ...WIDGETS, title: `${i}` })
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, { ...WIDGETS, per_page: 2 })
    expect(all.map((issue) => issue.title)).toEqual(['4', '3', '2', '1', '0'])
    const installed = await asApp({ installationId: 301 }).paginate('GET /installation/repositories', { per_page: 2 })
    expect(installed).toHaveLength(3)
  })

  it('reads errors as GitHub words them', async () => {
    const octokit = new Octokit({ baseUrl: sandbox.url, auth: sandbox.tokens.mallory })
    await expect(octokit.rest.repos.get({ owner: 'acme', repo: 'secret' })).rejects.toMatchObject({
      status: 404,
      response: { data: { message: 'Not Found' } },
    })
  })

  it('reads the seeded configuration', async () => {
    const octokit = asApp({ installationId: 301 })
    const { data } = await octokit.rest.repos.getContent({ ...WIDGETS, path: '.github/muster.yml' })
    expect(data).toMatchObject({ type: 'file', encoding: 'base64' })
    expect('content' in data && Buffer.from(data.content, 'base64').toString()).toBe('key: DEV\n')
  })

  it('follows a transferred issue through its redirect', async () => {
    const octokit = new Octokit({ baseUrl: sandbox.url, auth: sandbox.tokens.alice })
    const { data: issue } = await octokit.rest.issues.create({ ...WIDGETS, title: 'moves' })
    const { data: target } = await octokit.rest.repos.get({ owner: 'acme', repo: 'secret' })
    await octokit.graphql(
      'mutation($i: ID!, $r: ID!) { transferIssue(input: {issueId: $i, repositoryId: $r}) { issue { id } } }',
      {
        i: issue.node_id,
        r: target.node_id,
      },
    )
    const { data: moved } = await octokit.rest.issues.get({ ...WIDGETS, issue_number: 1 })
    expect(moved.repository_url).toBe(`${sandbox.url}/repos/acme/secret`)
  })
})

describe('@octokit/graphql', () => {
  it('queries, and throws the data with the errors when a part fails', async () => {
    const query = graphql.defaults({ baseUrl: sandbox.url, headers: { authorization: `token ${sandbox.tokens.bob}` } })
    expect(await query('{ viewer { login } }')).toEqual({ viewer: { login: 'bob' } })
    const partly = query('{ viewer { login } repository(owner: "acme", name: "nothing") { id } }')
    await expect(partly).rejects.toMatchObject({
      errors: [{ type: 'NOT_FOUND' }],
      response: { data: { viewer: { login: 'bob' }, repository: null } },
    })
  })
})
