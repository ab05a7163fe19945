/** Sub-issues and dependencies on GitHub and Muster's graph, in step both ways; who may, what is refused, and who has the last word. */
import { afterEach, expect, it } from 'vitest'
import type { TaskStatus } from '../../app/domain/task/state.ts'
import { deliver, heldBack } from './deliver.ts'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const WIDGETS = '/repos/acme/widgets'
/** Longer than GitHub's reads may lag behind what was written. */
const SETTLED_MS = 20_000

type Who = Parameters<Play['as']>[0]

const start = async (tasks: number) => {
  const p = (open = await play())
  const numbers: number[] = []
  for (let n = 1; n <= tasks; n += 1) {
    const issue = await p.issue(`Task ${n}`)
    await p.say('alice', issue, '/task\n/ready')
    numbers.push(issue)
  }
  await p.quiet()
  const { state, seed } = p.sandbox
  const issueAt = (number: number, repository: number = seed.repositories.widgets.id) =>
    state.issues.find((one) => one.number === number && one.repositoryId === repository)
  const idOf = (number: number, repository?: number): number => issueAt(number, repository)?.id ?? 0
  return {
    p,
    numbers,
    idOf,
    settle: async () => {
      p.pass(SETTLED_MS)
      await p.quiet()
    },
    /** What GitHub shows of the issue. */
    shown: (number: number) => {
      const issue = issueAt(number)
      const numberOf = (id: number | null) => (id === null ? null : (state.issues.get(id)?.number ?? null))
      return { parent: numberOf(issue?.parentId ?? null), blockedBy: (issue?.blockedByIds ?? []).map(numberOf) }
    },
    /** What Muster's graph says. */
    task: async (number: number) => {
      const task = (await p.app.store.projections.task(`task/401/${number}`))?.task
      return {
        status: task?.status as TaskStatus,
        parent: task?.details.parent?.key ?? null,
        dependsOn: task?.dependsOn.map(({ key }) => key) ?? [],
      }
    },
    /** `dependency-added by bob`, in order. */
    events: async (number: number) =>
      (await p.app.store.log.read(`task/401/${number}`))
        .filter(({ type }) => type.startsWith('dependency-') || type === 'task-updated')
        .map(({ type, actor }) => `${type} by ${actor.id}`),
    block: (who: Who, number: number, by: number) =>
      p.as(who).post(`${WIDGETS}/issues/${number}/dependencies/blocked_by`, { issue_id: by }),
    unblock: (who: Who, number: number, by: number) =>
      p.as(who).delete(`${WIDGETS}/issues/${number}/dependencies/blocked_by/${by}`),
    adopt: (who: Who, parent: number, child: number) =>
      p.as(who).post(`${WIDGETS}/issues/${parent}/sub_issues`, { sub_issue_id: child }),
    orphan: (who: Who, parent: number, child: number) =>
      p.as(who).delete(`${WIDGETS}/issues/${parent}/sub_issue`, { sub_issue_id: child }),
    /** Our own lines on the thread, the card left out. */
    lines: async (number: number) =>
      (await p.thread(number))
        .split('\n\n')
        .filter((part) => part.startsWith('[muster[bot]]\n') && !part.includes('###')),
  }
}

it('follows commands to GitHub, and people on GitHub back, each edge once however often it is told of', async () => {
  const { p, numbers, idOf, settle, shown, task, events, ...on } = await start(4)
  const [one = 0, two = 0, three = 0, whole = 0] = numbers
  await p.say('alice', one, `/depends #${two}\n/parent #${whole}`)
  await p.quiet()
  expect(shown(one)).toEqual({ parent: whole, blockedBy: [two] })

  // One edge is told of on both issues, in no order; here each twice besides.
  const told = await heldBack(p, async () => {
    expect((await on.block('bob', one, idOf(three))).status).toBe(201)
  })
  expect(told.map(({ event, action }) => `${event}.${action}`).toSorted()).toEqual([
    'issue_dependencies.blocked_by_added',
    'issue_dependencies.blocking_added',
  ])
  for (const delivery of told.toReversed()) await deliver(p, delivery)
  await p.quiet()
  for (const delivery of told) await deliver(p, delivery, true)
  await settle()
  expect(await task(one)).toMatchObject({ status: 'waiting', dependsOn: [`DEV-${two}`, `DEV-${three}`] })
  expect(await events(one)).toEqual(['dependency-added by alice', 'task-updated by alice', 'dependency-added by bob'])

  await on.unblock('bob', one, idOf(two))
  await on.orphan('bob', whole, idOf(one))
  await on.adopt('bob', two, idOf(three))
  await settle()
  await settle()
  expect(await task(one)).toMatchObject({ parent: null, dependsOn: [`DEV-${three}`] })
  expect(await task(three)).toMatchObject({ parent: `DEV-${two}` })
  expect(await events(three)).toEqual(['task-updated by bob'])

  const agent = await p.agent('claude')
  const answer = await agent({ task: `DEV-${one}`, verb: 'undepends', args: { on: [`#${three}`] } })
  expect(answer).toMatchObject({ status: 200 })
  await settle()
  expect(shown(one)).toEqual({ parent: null, blockedBy: [] })
  // Our own echoes and everything that GitHub's lag showed made no event and no line.
  expect(await events(one)).toHaveLength(6)
  for (const number of numbers) expect(await on.lines(number)).toEqual([])
  expect(p.sandbox.log.unsupported).toEqual([])
}, 60_000)

it('takes out again what is refused, each with one line that says why', async () => {
  const { p, numbers, idOf, settle, shown, task, lines, block, adopt } = await start(3)
  const [one = 0, two = 0, three = 0] = numbers
  const plain = await p.issue('No task')
  const secret = (await p.as('bob').post('/repos/acme/secret/issues', { title: 'Hush' })).json
  await p.say('alice', one, `/depends #${two}`)
  await p.quiet()

  await block('bob', two, idOf(one))
  await adopt('carol', one, idOf(three))
  await block('bob', three, idOf(plain))
  await block('bob', one, secret.id)
  await settle()
  await settle()
  expect(shown(two)).toEqual({ parent: null, blockedBy: [] })
  expect(shown(three)).toEqual({ parent: null, blockedBy: [] })
  expect(shown(one)).toEqual({ parent: null, blockedBy: [two] })
  expect(await task(two)).toMatchObject({ dependsOn: [] })

  const plainly = (text: string | undefined): string => text?.replaceAll('\u200b', '') ?? ''
  expect((await lines(two)).map(plainly)).toEqual([
    `[muster[bot]]\nThat this is blocked by #${one}, as bob drew it, is taken out again. That would close a circle: DEV-${two} → DEV-${one} → DEV-${two}. Drop one of these dependencies first, such as that of DEV-${one}: comment \`/undepends DEV-${two}\` there.`,
  ])
  const onThree = (await lines(three)).map(plainly).join('\n')
  expect(onThree).toContain(
    `The parent #${one}, as carol drew it, is taken out again. \`parent\` needs the write role here; you have triage.`,
  )
  expect(onThree).toContain(`#${plain}, as bob drew it, is taken out again. #${plain} is not a task of this project`)
  expect(await lines(three)).toHaveLength(2)
  const onOne = (await lines(one)).map(plainly).join('\n')
  expect(onOne).toContain('blocked by an issue of another repository, as bob drew it, is taken out again.')
  expect(onOne).not.toContain('secret')
  expect(await lines(one)).toHaveLength(1)
}, 60_000)

it('crosses repositories of the account, where the App is in both', async () => {
  const { p, numbers, settle, shown, task, lines, block } = await start(1)
  const [one = 0] = numbers
  const secret = (await p.as('bob').post('/repos/acme/secret/issues', { title: 'Hush' })).json
  const body = '/muster task'
  await p.as('alice').post(`/repos/acme/secret/issues/${secret.number}/comments`, { body })
  await p.quiet()
  await block('bob', one, secret.id)
  await settle()
  const [key] = (await task(one)).dependsOn
  expect(key).toMatch(/-1$/)
  await p.say('bob', one, `/undepends ${key}`)
  await p.quiet()
  expect(shown(one).blockedBy).toEqual([])
  await p.say('bob', one, `/depends ${key}`)
  await p.quiet()
  expect(shown(one).blockedBy).toEqual([secret.number])
  expect(await lines(one)).toEqual([])
}, 60_000)

it('fights no bot for ever: three corrections, then one line and a person', async () => {
  const { p, numbers, idOf, settle, shown, task, lines, unblock } = await start(2)
  const [one = 0, two = 0] = numbers
  await p.say('alice', one, `/depends #${two}`)
  await settle()
  for (let fight = 0; fight < 5; fight += 1) {
    await unblock('claude', one, idOf(two))
    await settle()
    await settle()
  }
  expect(shown(one).blockedBy).toEqual([])
  expect(await task(one)).toMatchObject({ status: 'needs_human', dependsOn: [`DEV-${two}`] })
  const said = await lines(one)
  expect(said.filter((line) => line.includes('Something keeps changing what this issue is blocked by'))).toHaveLength(1)
  expect(said.filter((line) => line.includes('is put back'))).toHaveLength(3)
}, 60_000)

it('takes down who is assigned and which milestone people set', async () => {
  const { p, numbers, settle } = await start(1)
  const [one = 0] = numbers
  const { number } = (await p.as('alice').post(`${WIDGETS}/milestones`, { title: 'v1' })).json
  await p.as('bob').patch(`${WIDGETS}/issues/${one}`, { assignees: ['bob'], milestone: number })
  await settle()
  await settle()
  const taskNow = async () => (await p.app.store.projections.task(`task/401/${one}`))?.task
  expect(await taskNow()).toMatchObject({ assignees: ['bob'], milestone: { number, title: 'v1' } })
  await p.as('bob').patch(`${WIDGETS}/issues/${one}`, { assignees: [], milestone: null })
  await settle()
  await settle()
  const after = await taskNow()
  expect([after?.assignees, after?.milestone]).toEqual([undefined, undefined])
  const events = (await p.app.store.log.read(`task/401/${one}`)).filter(({ type }) =>
    /^(assignees|milestone)-/.test(type),
  )
  expect(events.map(({ type, actor }) => `${type} by ${actor.id}`).toSorted()).toEqual([
    'assignees-changed by bob',
    'assignees-changed by bob',
    'milestone-changed by bob',
    'milestone-changed by bob',
  ])
}, 60_000)
