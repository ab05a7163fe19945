/**
 * What Muster keeps on GitHub, read in a real browser: nothing runs out of sight, nothing hidden shows, every link leads where
 * it says. Needs Chromium (CHROMIUM, or Debian's); without one it says so and passes, unless MUSTER_REQUIRE_BROWSER=1.
 */
import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { TaskCommandOf } from '../../app/domain/task/commands.ts'
import type { Measures } from '../../app/domain/task/events.ts'
import { LEDGER_DEBOUNCE_MS } from '../../app/engine/effects.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { play, type Play } from './play.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']
const isHere = existsSync(CHROMIUM)
const isRequired = process.env['MUSTER_REQUIRE_BROWSER'] === '1'
if (!isHere && !isRequired) console.log(`Skipped: reading in a browser, because there is none at ${CHROMIUM}.`)

const REPO = '/repos/acme/widgets'
const BRANCH = 'muster/DEV-1-sum-is-wrong'
const DIGEST = 'ab5df625bc76'.padEnd(64, 'c')
/** As wide as GitHub shows a conversation on a small laptop. */
const WIDTH = 1100

type Report = Omit<TaskCommandOf<'report-attempt'>, 'type'>

const MEASURES: Measures = {
  trust: 'ci',
  durationMs: 61_000,
  tokens: { total: 60_569, input: 50_000, output: 10_000, cacheRead: 500, cacheWrite: 69 },
  costMicroUsd: 231_000,
  model: 'claude-sonnet-4',
  tests: { total: 9, failed: 0, skipped: 0, failures: [] },
  run: null,
  logTail: null,
}

const artifact = (
  kind: Report['artifacts'][number]['kind'],
  name: string,
  url: string,
): Report['artifacts'][number] => ({
  kind,
  name,
  url,
  sha256: DIGEST,
  size: 120_000,
  mediaType: null,
  figures: kind === 'benchmark' ? [{ name: 'parse 1 MB', value: 12_345_678.9, unit: 'ops/s' }] : [],
})

/** A task with a failed and a passed attempt, and a pull request with all that they left behind. */
const furnish = async (p: Play) => {
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const agent = await p.agent('claude')
  const claude = p.as('claude')
  const push = async (content: string): Promise<string> => {
    const { json: file } = await claude.get(`${REPO}/contents/sum.js?ref=${BRANCH}`)
    const sha = file.sha === undefined ? {} : { sha: file.sha as string }
    const body = { message: 'Work', content: Buffer.from(content).toString('base64'), branch: BRANCH, ...sha }
    return (await claude.put(`${REPO}/contents/sum.js`, body)).json.commit.sha
  }
  const begin = async (fence: string): Promise<void> => {
    await agent({ task: issue, verb: 'claim' })
    await agent({ task: issue, verb: 'start', args: { fence } })
  }
  const report = { source: 'ci.yml / unit', failure: null, measures: MEASURES, artifacts: [], retryAfterMs: null }
  const { json: main } = await claude.get(`${REPO}/git/ref/heads/main`)
  await claude.post(`${REPO}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha: main.object.sha })
  await begin('1.1')
  const first = await push('export const sum = (a, b) => a - b\n')
  const pull = { title: 'Sum', body: 'Closes #1', head: BRANCH, base: 'main' }
  const { number } = (await claude.post(`${REPO}/pulls`, pull)).json as { number: number }
  await p.quiet()
  const failures = [{ name: 'sum > adds', file: 'sum.js', line: 1, message: 'expected 3, got -1' }]
  await p.report(issue, {
    ...report,
    attempt: 1,
    passed: false,
    failure: { class: 'test_fail', message: '1 of 9 tests failed' },
    headSha: first,
    measures: { ...MEASURES, tests: { total: 9, failed: 1, skipped: 0, failures }, logTail: 'not ok 1 - sum adds' },
    artifacts: [artifact('log', 'agent.jsonl', 'https://ci.test/1')],
  })
  await p.say('bob', issue, '/retry')
  await p.quiet()
  await begin('1.2')
  const second = await push('export const sum = (a, b) => a + b\n')
  await p.quiet()
  await p.report(issue, {
    ...report,
    attempt: 2,
    passed: true,
    headSha: second,
    artifacts: [
      artifact('log', 'agent.jsonl', 'https://ci.test/2'),
      artifact('benchmark', 'benchmarks.json', 'https://ci.test/3'),
      artifact('screenshot', `result page ${'(dark) '.repeat(8)}.png`, 'https://ci.test/4'),
      artifact('file', 'https://github.com/acme/widgets', 'https://evil.test/x'),
    ],
  })
  await p.quiet()
  const { json } = await p.as('alice').get(`${REPO}/commits/${first}/check-runs`)
  const checks = json.check_runs as readonly { readonly name: string; readonly html_url: string }[]
  return { issue, pull: number, checkOf: (name: string) => checks.find((one) => one.name === name)?.html_url ?? '' }
}

/** Tables and code that are wider than what they stand in: GitHub would let them scroll away. */
const tooWide = (page: Page): Promise<readonly string[]> =>
  page
    .locator('.markdown')
    .evaluateAll((all) =>
      all.flatMap((box) =>
        [...box.querySelectorAll('table')]
          .filter((inner) => inner.scrollWidth > box.clientWidth + 1)
          .map((inner) => inner.textContent.slice(0, 60)),
      ),
    )

/** All of it on one furnished sandbox: what is read does not change what stands there. */
test.skipIf(!isHere && !isRequired)(
  'a person reads the pull request, the thread, the check runs and the ledger',
  { timeout: 120_000 },
  async () => {
    const p = await play({ friendly: true, keys: SEED_KEYS })
    onTestFinished(() => p.stop())
    const at = await furnish(p)
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
    onTestFinished(() => browser.close())
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } })
    await page.goto(`${p.sandbox.url}/acme/widgets/pull/${at.pull}`)
    await readPullComment(page)
    await page.goto(`${p.sandbox.url}/acme/widgets/issues/${at.issue}`)
    await readThread(page)
    await page.goto(at.checkOf('muster / DEV-1 #1'))
    await readAttempt(page)
    await page.goto(at.checkOf('muster'))
    await readVerdict(page)
    await page.goto(`${p.sandbox.url}/acme/widgets/issues/${await setApart(p)}`)
    await readNotice(page)
  },
)

const readPullComment = async (page: Page): Promise<void> => {
  const comment = page.locator('.markdown', { hasText: 'Attempt 2' })
  expect(await tooWide(page)).toEqual([])
  const text = await comment.innerText()
  expect(text).toContain('12,345,678.9 ops/s')
  expect(text).not.toMatch(/muster:|<!--|details/)
  const hrefs = await comment.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
  expect(hrefs.filter((href) => href?.includes('evil'))).toEqual(['https://evil.test/x'])
  expect(text).toContain('https:\u200b//github.com/acme/widgets (evil.test)')
  // What is folded is there for who asks.
  expect(text).not.toContain(DIGEST)
  await comment.getByText('SHA-256 in full').click()
  expect(await comment.innerText()).toContain(`${DIGEST}  benchmarks.json (attempt 2)`)
  await comment.getByText('Attempt 1: Failed: test_fail').click()
  expect(await comment.innerText()).toContain('1 of 9 tests failed')
  expect(await tooWide(page)).toEqual([])
}

const readThread = async (page: Page): Promise<void> => {
  await page.getByRole('cell', { name: 'benchmarks.json' }).waitFor()
  expect(await tooWide(page)).toEqual([])
  expect(await page.locator('main').innerText()).not.toMatch(/muster:|not given/)
}

const readAttempt = async (page: Page): Promise<void> => {
  await page.getByText('expected 3, got -1').first().waitFor()
  expect(await tooWide(page)).toEqual([])
  // No empty bar over the summary.
  expect(await page.locator('.markdown th').allInnerTexts()).toEqual(['DEV-1', '#1: Sum is wrong'])
}

const readVerdict = async (page: Page): Promise<void> => {
  const said = await page.locator('.markdown').first().innerText()
  expect(said).toMatch(/Next: push a commit that passes, or comment \/muster retry on #1/)
  await page.locator('.markdown').getByRole('link', { name: '#1' }).first().click()
  await page.getByRole('heading', { name: 'Sum is wrong' }).first().waitFor()
}

/** The number of the ledger issue, after one task was set apart. */
const setApart = async (p: Play): Promise<number> => {
  const turn = async (): Promise<void> => {
    await p.quiet()
    p.pass(LEDGER_DEBOUNCE_MS + 2000)
    await p.quiet()
  }
  const project = async () => (await p.app.store.projections.projects())[0] ?? expect.fail()
  await turn()
  const next = 'decide which history counts'
  const detail = 'both stand at 12, with different events'
  const doubt = {
    what: 'record',
    stream: 'task/401/1',
    issue: 1,
    problem: 'forked',
    detail,
    next,
    setApart: true,
  } as const
  await p.app.ledgers.of(await project()).setApart.note('project/401', doubt)
  await turn()
  return (await project()).ledgerIssue ?? expect.fail()
}

const readNotice = async (page: Page): Promise<void> => {
  const notice = page.locator('.markdown', { hasText: 'Set apart: nothing is written' })
  const commands = 'npm run restore -- acme/widgets\nnpm start\nnpm run resume -- acme/widgets'
  expect((await notice.locator('pre').innerText()).trim()).toBe(commands)
  expect(await tooWide(page)).toEqual([])
  await notice.getByRole('link', { name: '#1' }).click()
  await page.getByRole('heading', { name: 'Sum is wrong' }).first().waitFor()
}
