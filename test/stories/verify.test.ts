/** `npm run verify -- owner/repo`: what people changed behind Muster's back is found and named, and nothing is changed by looking. */
import { afterEach, expect, it } from 'vitest'
import { auditCommand } from '../../app/inbound/cli/audit.ts'
import { createAudit } from '../../app/outbound/github/audit/create-audit.ts'
import { createOwnAccount } from '../../app/outbound/github/own-account.ts'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import { auditReportSchema } from '../../schemas/audit-report.ts'
import { play, type Play } from './play.ts'
import { keys } from './travel.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const start = async () => {
  const p = (open = await play({ friendly: true }))
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready\n/claim')
  await p.quiet()
  // The ledger gets its turn, and the App looks again at what it wrote.
  for (const ms of [61_000, 61_000, 15_000]) {
    p.pass(ms)
    await p.quiet()
  }
  const { github, store } = p.app
  const appId = p.sandbox.seed.muster.id
  const account = await createOwnAccount({ github, documents: store.documents, appId })
  const audit = createAudit({ github, store, keys, appId, account })
  const verify = async () => {
    const project = await store.projections.project('project/401')
    if (project === null) throw new Error('no project')
    const { exitCode, lines, json } = await auditCommand({ outbox: store.outbox, audit: () => audit(project) })
    return { exitCode, lines, report: auditReportSchema.loose().parse(json) }
  }
  return { p, issue, verify }
}

it('finds nothing where all is as it should be, and writes nothing', async () => {
  const { p, verify } = await start()
  const before = JSON.stringify([p.sandbox.state.comments.all(), p.sandbox.state.issues.all()])
  const { exitCode, lines, report } = await verify()
  expect(report.differences).toEqual([])
  expect([exitCode, lines]).toEqual([
    0,
    ['acme/widgets: 1 task, 1 record, 1 mark and 1 check run looked at, 0 differences.'],
  ])
  expect(JSON.stringify([p.sandbox.state.comments.all(), p.sandbox.state.issues.all()])).toBe(before)
})

it('names a label, a record, a mark and a check that are not as they should be', async () => {
  const { p, issue, verify } = await start()
  p.sandbox.setWebhookUrl(null)
  const at = `/repos/acme/widgets/issues/${issue}`
  await p.as('bob').delete(`${at}/labels/status%2Fclaimed`)
  await p.as('bob').post(`${at}/labels`, { labels: ['priority/p0'] })
  const { state } = p.sandbox
  const record = state.comments.all().find(({ body }) => body.includes('<!-- muster:record '))
  const page = state.comments.all().find(({ body }) => body.includes('"marks"'))
  if (record === undefined || page === undefined) throw new Error('nothing there')
  await p.as('bob').patch(`/repos/acme/widgets/issues/comments/${record.id}`, { body: `Hello ${record.body}` })
  state.comments.delete(page.id)
  for (const run of checkRunsOf(state).all()) checkRunsOf(state).delete(run.id)
  await p.quiet()
  const { exitCode, report } = await verify()
  expect(exitCode).toBe(1)
  expect(report.differences.map(({ what, problem }) => `${what}: ${problem}`).sort()).toEqual([
    'check: check-missing',
    'label: label-extra',
    'label: label-missing',
    'record: edited',
  ])

  state.comments.delete(record.id)
  expect((await verify()).report.differences.map(({ problem }) => problem)).toContain('record-missing')
})

it('says when it could not read something, and holds that against nobody', async () => {
  const { p, issue, verify } = await start()
  p.sandbox.state.issues.delete(p.sandbox.state.issues.all().find(({ number }) => number === issue)?.id ?? 0)
  const { exitCode, report } = await verify()
  expect([exitCode, report.differences.map(({ problem }) => problem)]).toEqual([1, ['issue-elsewhere']])
})
