/** What handlers work with, over a real engine and a GitHub of a few facts that tests set. */
import { createProjectOpener } from '../../../../app/inbound/project-of.ts'
import type { PullRequestFacts, RepositoryPlace } from '../../../../app/inbound/ports.ts'
import type { RememberingFacts } from '../../../../app/inbound/remember-issues.ts'
import { onComment, type CommentDeps } from '../../../../app/inbound/webhook/handlers/issue-comment.ts'
import type { EffectPayload } from '../../../../app/engine/effects.ts'
import { createClaimNext } from '../../../../app/engine/claim-next.ts'
import type { Settings } from '../../../../app/domain/settings.ts'
import type { Role } from '../../../../app/domain/actor.ts'
import { createTestEngine } from '../../../engine/create-engine.ts'

export const PLACE: RepositoryPlace = {
  installationId: 1,
  repository: 'acme/widgets',
  repositoryId: 7,
  repositoryNodeId: 'R_7',
  owner: 'acme',
}

export interface FakeGitHub {
  configuration: string | null
  /** The file of the account; null: there is none. */
  account: string | null
  /** `owner/name` of what everybody may read, with their ids. */
  readonly open: Map<string, number>
  title: string
  body: string
  pull: PullRequestFacts | null
  defaultHead: string | null
  /** Of the commits of the pull request, and how often they were read. */
  messages: readonly string[]
  commitReads: number
  readonly heads: Map<string, string>
  readonly roles: Map<string, Role>
}

export const givenDeps = async (settings?: Settings) => {
  const test = await createTestEngine(settings)
  const { engine, clock } = test
  const github: FakeGitHub = {
    configuration: 'key: DEV\n',
    account: null,
    open: new Map(),
    title: 'Sum is wrong',
    body: '',
    pull: null,
    defaultHead: null,
    messages: [],
    commitReads: 0,
    heads: new Map(),
    roles: new Map(),
  }
  const facts: RememberingFacts = {
    forgetIssue: () => Promise.resolve(),
    roleOf: (_place, login) => Promise.resolve(github.roles.get(login) ?? 'none'),
    pullRequest: () => Promise.resolve(github.pull),
    commitMessages: () => {
      github.commitReads += 1
      return Promise.resolve(github.messages)
    },
    branchHead: (_place, branch) => Promise.resolve(github.heads.get(branch) ?? null),
    defaultHead: () => Promise.resolve(github.defaultHead),
    noteDefaultHead: (_place, headSha) => {
      github.defaultHead = headSha
      return Promise.resolve()
    },
    configurationFiles: () => Promise.resolve({ repository: github.configuration, account: github.account }),
    publicRepositories: (_place, names) =>
      Promise.resolve(new Map([...github.open].filter(([name]) => names.some((one) => one.toLowerCase() === name)))),
    whereIssueIs: () => Promise.resolve({ is: 'here' }),
    installedAt: () => Promise.resolve(null),
    repositoryNow: () => Promise.resolve(null),
    issue: () => Promise.resolve({ title: github.title, body: github.body }),
  }
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const projects = createProjectOpener({ engine, facts, log, now: () => clock.now() })
  const deps: CommentDeps = {
    engine,
    facts,
    projects,
    claimNext: createClaimNext(engine),
    appId: 201,
    isOurs: ({ login }) => login === 'muster[bot]',
    labelChanged: () => Promise.resolve(),
    isStateLabel: (name) => name.includes('/'),
    observe: () => Promise.resolve(),
    ledgerTouched: () => Promise.resolve(),
    recordAt: () => Promise.resolve(null),
    log,
    card: () => 'card',
    help: () => 'help',
  }
  return { ...test, github, deps, say: saying(deps, test) }
}

type Test = Awaited<ReturnType<typeof createTestEngine>>

/** A comment on issue 1, and its answer as it is published: reaction and text. What else waits is passed over. */
const saying = (deps: CommentDeps, { store, clock }: Pick<Test, 'store' | 'clock'>) => {
  let n = 0
  return async (body: string, login: string, senderId = 101): Promise<string> => {
    n += 1
    clock.pass(60_000)
    await store.outbox.take(100, 30_000)
    await onComment(deps, PLACE, {
      id: n,
      nodeId: `IC_${n}`,
      body,
      before: null,
      author: { id: senderId, login, isBot: false },
      senderId,
      appId: null,
      issue: { number: 1, isPullRequest: false },
    })
    clock.pass(30_000)
    const answer = (await store.outbox.take(100, 30_000))
      .flatMap(({ kind, payload }) => (kind === 'answer' ? [payload as EffectPayload['answer']] : []))
      .find(({ place }) => place.commentId === n)
    return `${answer?.reaction ?? 'silence'} ${answer?.text ?? ''}`.trim()
  }
}
