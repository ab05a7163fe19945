/** Three Apps on one Postgres work on the same tasks at once: GitHub shows what one App would have written. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Client } from 'pg'
import { desiredLabels } from '../../app/outbound/github/labels/desired-labels.ts'
import { SETTLE_MS } from '../../app/outbound/github/replica/compare.ts'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import { canTestPostgres, postgresUrl } from '../contracts/postgres-server.ts'
import { play, type Play } from './play.ts'

const REPO = '/repos/acme/widgets'
const ISSUES = 2
const PATIENCE_MS = 45_000

let open: Play | null = null
let schema: { readonly url: string; drop(): Promise<void> } | null = null
afterEach(async () => {
  await open?.stop()
  await schema?.drop()
  open = schema = null
})

/** A database of its own, as far as the Apps can tell. */
const freshSchema = async () => {
  const server = await postgresUrl()
  const name = `story${process.pid}`
  const shell = new Client({ connectionString: server })
  await shell.connect()
  await shell.query(`create schema ${name}`)
  return {
    url: `${server}&options=${encodeURIComponent(`-c search_path=${name}`)}`,
    drop: async () => {
      await shell.query(`set client_min_messages = warning; drop schema ${name} cascade`)
      await shell.end()
    },
  }
}

describe.skipIf(!canTestPostgres())('several Apps on one Postgres', () => {
  it(
    'write each record, check run and ledger page once, and the newest of each',
    async () => {
      schema = await freshSchema()
      const p = (open = await play({ databaseUrl: schema.url, replicas: 2 }))
      const issues = await Promise.all(Array.from({ length: ISSUES }, (_, n) => p.issue(`Sum ${n} is wrong`)))
      const all = (text: string) => Promise.all(issues.map((issue) => p.say('alice', issue, text)))
      const commit = async (issue: number, round: number): Promise<void> => {
        const branch = `muster/DEV-${issue}-sum`
        const main = (await p.as('bob').get(`${REPO}/git/ref/heads/main`)).json.object.sha
        if (round === 1) await p.as('bob').post(`${REPO}/git/refs`, { ref: `refs/heads/${branch}`, sha: main })
        const content = Buffer.from(`${round}\n`).toString('base64')
        const file = { message: `Step ${round}`, content, branch }
        const { status } = await p.as('bob').put(`${REPO}/contents/${issue}-${round}.txt`, file)
        expect(status).toBe(201)
        const pull = { title: 'Fix', head: branch, base: 'main', body: `Closes #${issue}` }
        if (round === 1) expect((await p.as('bob').post(`${REPO}/pulls`, pull)).status).toBe(201)
      }
      const label = (issue: number) => p.as('alice').post(`${REPO}/issues/${issue}/labels`, { labels: ['priority/p0'] })
      /** Now, and not when there may be company: reconciles and looks of one task then stand side by side. */
      const hurried = async (): Promise<void> => {
        for (let n = 0; n < 5; n++) {
          await p.app.store.outbox.hurry([])
          await sleep(150)
        }
      }
      await all('/task\n/ready')
      await p.quiet(PATIENCE_MS)
      for (const round of [1, 2]) {
        await Promise.all([all('/claim\n/start'), hurried()])
        await Promise.all([all(`/note number ${round}`), ...issues.map((issue) => commit(issue, round)), hurried()])
        await Promise.all([all('/block until the build is green'), ...issues.map(label), hurried()])
        await Promise.all([all('/unblock'), hurried()])
        await all('/fail class=test_fail message="1 of 9 failed"')
        await p.quiet(PATIENCE_MS)
        await Promise.all([all('/retry'), hurried()])
      }
      await p.quiet(PATIENCE_MS)
      await hurried()
      await p.quiet(PATIENCE_MS)
      // What GitHub's replicas did not show yet is looked for once more.
      await sleep(SETTLE_MS)
      await p.quiet(PATIENCE_MS)

      const { state, seed } = p.sandbox
      const commentsOn = (issue: number) =>
        state.comments.all().filter(({ issueId }) => state.issues.get(issueId)?.number === issue)
      for (const issue of issues) {
        const records = commentsOn(issue).filter(({ body }) => body.includes('<!-- muster:record '))
        expect(records).toHaveLength(1)
        const found = await p.app.store.projections.task(`task/${seed.repositories.widgets.id}/${issue}`)
        if (found === null) throw new Error(`#${issue} is no task`)
        expect(found.task.attempts).toHaveLength(2)
        expect(records[0]?.body).toContain(`"rev":${found.version}`)
        expect(await p.labels(issue)).toEqual(
          desiredLabels(found.task)
            .map(({ name }) => name)
            .sort(),
        )
      }
      const ours = checkRunsOf(state)
        .all()
        .filter(({ appId }) => appId === seed.muster.id)
      const checks = ours.map(({ name, headSha }) => `${name} @ ${headSha}`)
      expect(new Set(checks).size).toBe(checks.length)
      // One for each attempt on its commit, and the constant one on each head; where an attempt began counts for nobody.
      const { json: main } = await p.as('bob').get('/repos/acme/widgets/git/ref/heads/main')
      const began = ours.filter(({ headSha }) => headSha === main.object.sha)
      expect(ours).toHaveLength(4 * ISSUES + began.length)
      expect(began.filter(({ conclusion }) => conclusion !== 'neutral')).toEqual([])
      const pulls = state.comments.all().filter(({ body }) => body.includes('<!-- muster:pull '))
      expect(pulls).toHaveLength(ISSUES)
      const ledgers = state.issues.all().filter(({ title }) => title === 'Muster ledger')
      expect(ledgers).toHaveLength(1)
      const pages = commentsOn(ledgers[0]?.number ?? 0).filter(({ body }) => body.includes('<!-- muster:ledger '))
      expect(pages.map(({ body }) => body.split('\n')[0])).toHaveLength(2)
      const events = await Promise.all(
        issues.map((issue) => p.app.store.log.read(`task/${seed.repositories.widgets.id}/${issue}`)),
      )
      expect(events.flat().filter(({ type }) => type === 'tampering-found')).toEqual([])
      expect(p.sandbox.log.unsupported).toEqual([])
    },
    4 * PATIENCE_MS,
  )

  it(
    'make one ledger, although each of them wants it at once and GitHub lists it late',
    async () => {
      schema = await freshSchema()
      const p = (open = await play({
        databaseUrl: schema.url,
        replicas: 2,
        switches: { staleListShare: 1, staleListMs: 3_000 },
      }))
      await p.say('alice', await p.issue('Sum is wrong'), '/task\n/ready')
      const apps = [p.app, ...p.others]
      const projectOf = async () => (await p.app.store.projections.projects())[0]
      while ((await projectOf()) === undefined) await sleep(20)
      const { stream } = (await projectOf()) ?? expect.fail()
      // Not by the outbox, which hands a project out to one at a time: as though a claim had run out.
      for (let round = 0; round < 5; round += 1) {
        await Promise.allSettled(apps.map((app) => app.ledgers.keep(stream)))
        await sleep(200)
      }
      await sleep(SETTLE_MS)
      await p.app.store.outbox.hurry([])
      await p.quiet(PATIENCE_MS)
      const ledgers = p.sandbox.state.issues.all().filter(({ title }) => title === 'Muster ledger')
      expect(ledgers).toMatchObject([{ state: 'open', locked: true }])
      expect(await projectOf()).toMatchObject({ ledgerIssue: ledgers[0]?.number })
      const opened = (await p.app.store.log.read(stream)).filter(({ type }) => type === 'ledger-opened')
      expect(opened).toHaveLength(1)
    },
    4 * PATIENCE_MS,
  )
})
