/** Finds, makes, locks and pins ledger issues over the client. Who made an issue is told by GitHub, not by its text. */
import type { InstallationClient } from './client.ts'
import { fieldAnswers, mutationDocument } from './graphql/mutation-document.ts'
import { isLedgerBody, LEDGER_BODY, LEDGER_TITLE } from './ledger/ledger-issue.ts'
import type { LedgerIssue, LedgerIssues } from './ports.ts'

export interface GitHubLedgerIssuesOptions {
  readonly client: InstallationClient
  readonly trustedApps: readonly number[]
  /** Login of our App's bot, `muster[bot]`: its issues are looked through first. Null: all issues are. */
  readonly botLogin: string | null
}

/** The ledger is among the first issues that an App makes; further pages are only read while it was not found. */
const PAGES = 10

interface RestIssue {
  readonly id: number
  readonly node_id: string
  readonly number: number
  readonly locked: boolean
  readonly state: string
}

export const createGitHubLedgerIssues = ({
  client,
  trustedApps,
  botLogin,
}: GitHubLedgerIssuesOptions): LedgerIssues => {
  const { issues } = client.rest
  const split = (repository: string): { readonly owner: string; readonly repo: string } => {
    const [owner = '', repo = ''] = repository.split('/')
    return { owner, repo }
  }
  const ledgerIssue = (repositoryId: number, issue: RestIssue): LedgerIssue => ({
    nodeId: issue.node_id,
    id: issue.id,
    number: issue.number,
    repositoryId,
    locked: issue.locked,
    open: issue.state === 'open',
  })

  return {
    async find(repository) {
      const found: LedgerIssue[] = []
      for (let page = 1; page <= PAGES; page += 1) {
        const { data } = await issues.listForRepo({
          ...split(repository.name),
          state: 'all',
          sort: 'created',
          direction: 'asc',
          per_page: 100,
          page,
          ...(botLogin === null ? {} : { creator: botLogin }),
        })
        for (const issue of data) {
          const app = issue.performed_via_github_app?.id
          const isLedger = app !== undefined && trustedApps.includes(app) && isLedgerBody(issue.body ?? null)
          if (isLedger && issue.pull_request === undefined) found.push(ledgerIssue(repository.id, issue))
        }
        if (data.length < 100 || found.length > 0) break
      }
      return found.toSorted((a, b) => a.number - b.number)
    },

    async create(repository) {
      const { data } = await issues.create({ ...split(repository.name), title: LEDGER_TITLE, body: LEDGER_BODY })
      return ledgerIssue(repository.id, data)
    },

    async secure(issue) {
      const { query, variables } = mutationDocument('SecureLedger', [
        { field: 'lockLockable', input: { lockableId: issue.nodeId }, selection: '' },
        { field: 'pinIssue', input: { issueId: issue.nodeId }, selection: '' },
      ])
      // A repository has room for three pinned issues: the ledger does without when people have filled it.
      fieldAnswers(2, await client.graphqlPartly(query, variables))
    },

    async retire(issue, canonical) {
      const { query, variables } = mutationDocument('RetireLedger', [
        {
          field: 'addComment',
          input: { subjectId: issue.nodeId, body: `Made twice by mistake: the ledger is #${canonical.number}.` },
          selection: '',
        },
        { field: 'closeIssue', input: { issueId: issue.nodeId, stateReason: 'DUPLICATE' }, selection: '' },
      ])
      await client.graphqlPartly(query, variables)
    },
  }
}
