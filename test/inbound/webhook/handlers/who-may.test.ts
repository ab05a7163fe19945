/** Who may command what, in comments: every command of the catalogue for every kind of commenter. */
import { describe, expect, it } from 'vitest'
import type { Actor, Role } from '../../../../app/domain/actor.ts'
import type { AnyCommand } from '../../../../app/engine/handle-command.ts'
import { findCommand, verbsOn } from '../../../../app/inbound/catalogue.ts'
import { onComment, type CommentSeen } from '../../../../app/inbound/webhook/handlers/issue-comment.ts'
import { onTaskLabel } from '../../../../app/inbound/webhook/handlers/issues.ts'
import { claim, fail } from '../../../domain/given.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const CLAUDE = { id: 1202, login: 'claude[bot]' }
const LISTED = `key: DEV\ncommands:\n  bots: [${CLAUDE.id}]\n`

/** The role that is enough, as it is promised to users. */
const ENOUGH = {
  show: 'read',
  history: 'read',
  brief: 'read',
  graph: 'read',
  cost: 'read',
  portfolio: 'read',
  help: 'read',
  findings: 'read',
  finding: 'write',
  retire: 'write',
  task: 'triage',
  ready: 'triage',
  priority: 'triage',
  depends: 'triage',
  undepends: 'triage',
  parent: 'write',
  note: 'triage',
  block: 'triage',
  unblock: 'triage',
  tag: 'write',
  untag: 'write',
  link: 'write',
  deadline: 'write',
  sla: 'write',
  estimate: 'write',
  tier: 'write',
  requires: 'write',
  accept: 'write',
  phase: 'write',
  progress: 'write',
  next: 'write',
  step: 'write',
  assign: 'write',
  resolve: 'write',
  evidence: 'write',
  artifact: 'write',
  claim: 'write',
  start: 'write',
  succeed: 'write',
  fail: 'write',
  release: 'write',
  retry: 'write',
  cancel: 'write',
  reopen: 'write',
  budget: 'admin',
  kill: 'admin',
  unkill: 'admin',
} as const satisfies Record<string, Role>

type Verb = keyof typeof ENOUGH
const LOOKS: ReadonlySet<string> = new Set([
  'show',
  'history',
  'brief',
  'graph',
  'cost',
  'portfolio',
  'help',
  'findings',
])

/** What is typed on task 1, and what was done to it before so that the command makes sense there. */
const SCENES: Readonly<Record<Verb, readonly [line: string, ...before: AnyCommand[]]>> = {
  show: ['show'],
  history: ['history'],
  brief: ['brief'],
  graph: ['graph'],
  cost: ['cost'],
  portfolio: ['portfolio'],
  budget: ['budget $20'],
  help: ['help'],
  findings: ['findings'],
  finding: ['finding gotcha "mind the sign"'],
  retire: [
    'retire 1',
    {
      type: 'record-finding',
      kind: 'gotcha',
      text: 'mind the sign',
      task: { stream: 'task/7/1', key: 'DEV-1' },
      attempt: null,
    },
  ],
  task: ['task'],
  ready: ['ready'],
  priority: ['priority p0'],
  depends: ['depends #2'],
  undepends: [
    'undepends #2',
    { type: 'add-dependency', on: { stream: 'task/7/2', key: 'DEV-2' }, status: 'open', path: null, onFailure: null },
  ],
  parent: ['parent #2'],
  note: ['note mind the sign'],
  block: ['block no key'],
  unblock: ['unblock', { type: 'block-task', reason: 'no key' }],
  tag: ['tag api'],
  untag: ['untag api', { type: 'edit-lists', add: { tags: ['api'] } }],
  link: ['link branch a/b'],
  deadline: ['deadline 2d'],
  sla: ['sla 2d'],
  estimate: ['estimate 2h'],
  tier: ['tier complex'],
  requires: ['requires gpu'],
  accept: ['accept it works'],
  phase: ['phase testing fence=1.1', { type: 'ready-task' }, claim('x')],
  progress: ['progress 40 fence=1.1', { type: 'ready-task' }, claim('x')],
  next: ['next "the parser" fence=1.1', { type: 'ready-task' }, claim('x')],
  step: [
    'step start plan fence=1.1',
    { type: 'update-task', changes: { steps: [{ id: 'plan', title: 'Plan' }] } },
    { type: 'ready-task' },
    claim('x'),
  ],
  assign: ['assign a1 fence=1.1', { type: 'ready-task' }, claim('x')],
  resolve: ['resolve skip', { type: 'ask-person', reason: 'look' }],
  evidence: ['evidence "npm test" exit=0 fence=1.1', { type: 'ready-task' }, claim('x')],
  artifact: ['artifact log https://ci.example/log fence=1.1', { type: 'ready-task' }, claim('x')],
  claim: ['claim', { type: 'ready-task' }],
  start: ['start fence=1.1', { type: 'ready-task' }, claim('x')],
  succeed: ['succeed fence=1.1', { type: 'ready-task' }, claim('x')],
  fail: ['fail class=test_fail fence=1.1', { type: 'ready-task' }, claim('x')],
  release: ['release fence=1.1', { type: 'ready-task' }, claim('x')],
  retry: ['retry', { type: 'ready-task' }, claim('x'), fail({ fence: { epoch: 1, n: 1 } })],
  cancel: ['cancel'],
  reopen: ['reopen', { type: 'cancel-task', reason: 'no longer wanted' }],
  kill: ['kill agent=x "it loops"'],
  unkill: ['unkill project', { type: 'kill', scope: 'project', agent: null, reason: 'r' }],
}

interface Commenter {
  readonly login?: string
  readonly bot?: { readonly id: number; readonly login: string }
  readonly role?: Role
  readonly configuration?: string
  readonly over?: Partial<CommentSeen>
}

const outcome = async (
  verb: Verb,
  { login = 'someone', bot, role, configuration, over }: Commenter,
): Promise<string> => {
  const given = await givenDeps()
  const { deps, github, store, ask } = given
  if (configuration !== undefined) github.configuration = configuration
  if (role !== undefined) github.roles.set(login, role)
  const actor: Actor = bot === undefined ? { kind: 'user', id: login } : { kind: 'bot', id: bot.login }
  const create = (n: number): AnyCommand => ({
    type: 'create-task',
    project: 'project/7',
    key: `DEV-${n}`,
    number: n,
    title: 'Sum is wrong',
    priority: 'p2',
  })
  const [line, ...before] = SCENES[verb]
  await ask('task/7/2', create(2))
  if (verb !== 'task') await ask('task/7/1', create(1))
  const versions = async () => [(await store.log.load('task/7/1')).version, (await store.log.load('project/7')).version]
  for (const command of before) {
    const stream = command.type === 'kill' || command.type === 'record-finding' ? 'project/7' : 'task/7/1'
    expect((await ask(stream, command, actor)).outcome.ok).toBe(true)
  }
  const version = await versions()
  await store.outbox.take(100, 60_000)

  await onComment(deps, PLACE, {
    id: 1,
    nodeId: 'IC_1',
    body: `/${line}`,
    before: null,
    author: { id: bot?.id ?? 101, login: actor.id, isBot: bot !== undefined },
    senderId: bot?.id ?? 101,
    appId: bot === undefined ? null : 202,
    issue: { number: 1, isPullRequest: false },
    ...over,
  })
  const changed = String(await versions()) !== String(version)
  const answers = (await store.outbox.take(100, 60_000)).filter(({ kind }) => kind === 'answer')
  const [answer] = answers.map(({ payload }) => payload as { reaction: string; text: string | null })
  if (answer === undefined) return changed ? 'done' : 'nothing'
  if (answer.reaction === 'confused') return /needs the (\w+) role/.exec(answer.text ?? '')?.[0] ?? `${answer.text}`
  return changed ? 'done' : 'told'
}

const RANK: readonly Role[] = ['none', 'read', 'triage', 'write', 'admin']

it('the table names every command that comments take', () => {
  // Of gates see operations.test.ts: each says for itself who may.
  const decidedHere = verbsOn('comment').filter((verb) => findCommand(verb, 'comment')?.decidedBy === undefined)
  expect(Object.keys(ENOUGH).sort()).toEqual(decidedHere.sort())
})

describe.each(RANK)('with the role %s', (role) => {
  it.each(Object.keys(ENOUGH) as Verb[])('/%s', async (verb) => {
    const needed = ENOUGH[verb]
    const enough = RANK.indexOf(role) >= RANK.indexOf(needed)
    expect(await outcome(verb, { role })).toBe(
      enough ? (LOOKS.has(verb) ? 'told' : 'done') : `needs the ${needed} role`,
    )
  })
})

describe('not in their own name', () => {
  const verbs = Object.keys(ENOUGH) as Verb[]

  it('a listed bot may what needs at most write, and is never answered', async () => {
    for (const verb of verbs) {
      const does = await outcome(verb, { bot: CLAUDE, configuration: LISTED })
      const mayNot = LOOKS.has(verb) || ENOUGH[verb] === 'admin'
      expect([verb, does]).toEqual([verb, mayNot ? 'nothing' : 'done'])
    }
  })

  it.each<[string, Commenter]>([
    ['a bot that is not listed', { bot: CLAUDE }],
    ['a bot whose name alone is that of a listed one', { bot: { ...CLAUDE, id: 9 }, configuration: LISTED }],
    ['somebody who edited another’s comment', { role: 'admin', over: { senderId: 999, before: '' } }],
    ['our own App', { role: 'admin', over: { appId: 201 } }],
    [
      'a bare command where only /muster works',
      { role: 'admin', configuration: 'key: DEV\ncommands:\n  bare: false\n' },
    ],
  ])('%s is not heard', async (_, commenter) => {
    for (const verb of verbs) expect([verb, await outcome(verb, commenter)]).toEqual([verb, 'nothing'])
  })

  it('an edit runs only what it added', async () => {
    const over = { body: '/ready\n/note new', before: '/ready' }
    const given = await givenDeps()
    given.github.roles.set('alice', 'admin')
    await given.ask('task/7/1', {
      type: 'create-task',
      project: 'project/7',
      key: 'DEV-1',
      number: 1,
      title: 'T',
      priority: 'p2',
    })
    await onComment(given.deps, PLACE, {
      id: 1,
      nodeId: 'IC_1',
      author: { id: 101, login: 'alice', isBot: false },
      senderId: 101,
      appId: null,
      issue: { number: 1, isPullRequest: false },
      ...over,
    })
    expect(await given.taskOf(1)).toMatchObject({ status: 'backlog', notes: [{ text: 'new' }] })
  })
})

describe('the label that makes a task', () => {
  it.each<[Role, boolean]>([
    ['admin', true],
    ['write', true],
    ['triage', true],
    ['read', false],
    ['none', false],
  ])('put on by somebody with the role %s', async (role, isMade) => {
    const { deps, github, store } = await givenDeps()
    github.roles.set('someone', role)
    await onTaskLabel(deps, PLACE, {
      number: 5,
      nodeId: 'I_5',
      labels: ['muster'],
      sender: { login: 'someone', isBot: false, isOurs: false },
    })
    expect((await store.projections.task('task/7/5')) !== null).toBe(isMade)
  })
})
