/** Finds, makes and mends ledger issues over the client. Who made an issue is told by GitHub, not by its text. */
import type { InstallationClient } from './client.ts'
import { fieldAnswers, mutationDocument, type MutationField } from './graphql/mutation-document.ts'
import { isLedgerBody, ledgerBody, LEDGER_TITLE } from './ledger/ledger-issue.ts'
import type { LedgerIssue, LedgerIssueField, LedgerIssues } from './ports.ts'

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
  readonly body?: string | null | undefined
  readonly locked: boolean
  readonly state: string
  readonly closed_at: string | null
  readonly updated_at: string
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
    marked: isLedgerBody(issue.body ?? null, repositoryId),
    closedAt: issue.closed_at,
    updatedAt: issue.updated_at,
  })

  return {
    async find(repository, known = null) {
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
          if (app === undefined || !trustedApps.includes(app) || issue.pull_request !== undefined) continue
          const ledger = ledgerIssue(repository.id, issue)
          if (ledger.marked || ledger.number === known) found.push(ledger)
        }
        if (data.length < 100 || found.length > 0) break
      }
      return found.toSorted((a, b) => a.number - b.number)
    },

    async create(repository) {
      const { data } = await issues.create({
        ...split(repository.name),
        title: LEDGER_TITLE,
        body: ledgerBody(repository.id),
      })
      return ledgerIssue(repository.id, data)
    },

    async mend(issue, fields) {
      if (fields.length === 0) return []
      const mutations = fields.map((field) => mutationFor(issue, field))
      // A repository has room for three pinned issues: the ledger does without when people have filled it.
      const pin = { field: 'pinIssue', input: { issueId: issue.nodeId }, selection: '' }
      const all = fields.includes('lock') ? [...mutations, pin] : mutations
      const { query, variables } = mutationDocument('MendLedger', all)
      const answers = fieldAnswers(all.length, await client.graphqlPartly(query, variables))
      return fields.filter((_, index) => answers[index]?.ok !== true)
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

const mutationFor = ({ nodeId, repositoryId }: LedgerIssue, field: LedgerIssueField): MutationField => {
  switch (field) {
    case 'open':
      return { field: 'reopenIssue', input: { issueId: nodeId }, selection: '' }
    case 'text':
      return {
        field: 'updateIssue',
        input: { id: nodeId, title: LEDGER_TITLE, body: ledgerBody(repositoryId) },
        selection: '',
      }
    case 'lock':
      return { field: 'lockLockable', input: { lockableId: nodeId }, selection: '' }
  }
}
