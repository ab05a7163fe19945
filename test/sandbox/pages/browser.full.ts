/**
 * A person with a real browser: logs in, types `/claim`, presses Retry. Needs Chromium (CHROMIUM, or Debian's); without one
 * it says so and passes, unless MUSTER_REQUIRE_BROWSER=1.
 */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox, WIDGETS } from '../start-sandbox.ts'
import { furnish } from './furnish.ts'

const STICKING_OUT = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const isHere = existsSync(CHROMIUM)
const isRequired = process.env['MUSTER_REQUIRE_BROWSER'] === '1'
if (!isHere && !isRequired) console.log(`Skipped: the browser tests, because there is no browser at ${CHROMIUM}.`)

describe.skipIf(!isHere && !isRequired)('in a browser', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  })
  afterAll(() => browser?.close())

  /** A page that fails its test when the browser reports an error: a blocked script, a missing file. */
  async function open(url: string): Promise<Page> {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
    page.on('pageerror', (error) => void errors.push(error.message))
    onTestFinished(async () => {
      await page.close()
      expect(errors).toEqual([])
    })
    await page.goto(url)
    return page
  }

  async function logIn(page: Page, person: string): Promise<void> {
    await page.getByRole('link', { name: 'Log in as …' }).first().click()
    await page.getByRole('button', { name: person }).click()
  }

  test('alice types /claim into the comment box and sees it in the thread', async () => {
    const started = await startSandbox({ switches: { browserCrlf: true } })
    await furnish(started)
    const page = await open(`${started.sandbox.url}/acme/widgets/issues/1`)
    await logIn(page, 'alice')
    await page.getByPlaceholder('Add a comment').fill('/claim\nThank you')
    await page.getByRole('button', { name: 'Comment', exact: true }).click()
    await page.locator('.card.own .markdown', { hasText: '/claim' }).waitFor()
    const { json } = await started.as('bob').get(`${WIDGETS}/issues/1/comments`)
    expect(json.at(-1)).toMatchObject({ body: '/claim\r\nThank you', user: { login: 'alice' } })
    // The hidden part of the card is nowhere to be read, its table is.
    expect(await page.locator('main').innerText()).not.toContain('muster:record')
    await page.getByRole('cell', { name: 'test_fail' }).waitFor()
  })

  test('bob presses Retry on a check run, and the delivery log has the press', async () => {
    const started = await startSandbox()
    const { pull } = await furnish(started)
    const page = await open(`${started.sandbox.url}/acme/widgets/pull/${pull}`)
    await logIn(page, 'bob')
    await page.getByRole('link', { name: 'muster / DEV-1 #1' }).click()
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.getByRole('heading', { name: 'muster / DEV-1 #1' }).waitFor()
    await started.sandbox.deliveries.idle()
    const answer = await fetch(`${started.sandbox.url}/_sandbox/deliveries`)
    const log = (await answer.json()) as { id: number; event: string; action: string }[]
    const pressed = log.filter((one) => one.event === 'check_run' && one.action === 'requested_action')
    expect(pressed).toHaveLength(1)
    const delivery = await fetch(`${started.sandbox.url}/_sandbox/deliveries/${pressed[0]?.id}`)
    const { body } = (await delivery.json()) as { body: string }
    expect(JSON.parse(body)).toMatchObject({ requested_action: { identifier: 'retry' }, sender: { login: 'bob' } })
  })

  test('a thread is usable by keys alone, and a hostile title is only words', async () => {
    const started = await startSandbox()
    const title = '<script>document.title = "taken"</script> "x" onload=alert(1) --> @everyone'
    await started.as('bob').post(`${WIDGETS}/issues`, { title, body: '<img src=x onerror="document.title=1">' })
    const page = await open(`${started.sandbox.url}/acme/widgets/issues/1`)
    await logIn(page, 'alice')
    expect(await page.getByRole('heading', { level: 1 }).last().innerText()).toContain(title)
    expect(await page.title()).toContain('onload=alert(1)')
    // Every stop of the Tab key shows where it is.
    for (let stops = 0; !(await page.evaluate<boolean>("document.activeElement?.name === 'body'")); stops++) {
      expect(stops).toBeLessThan(40)
      await page.keyboard.press('Tab')
      expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none')
    }
    await page.keyboard.type('/claim')
    await page.keyboard.press('Control+Enter')
    await page.locator('.card.own .markdown', { hasText: '/claim' }).waitFor()
    expect((await started.as('bob').get(`${WIDGETS}/issues/1/comments`)).json).toMatchObject([{ body: '/claim' }])
  })

  test('nothing sticks out of a narrow window', async () => {
    const started = await startSandbox()
    const { pull, runId } = await furnish(started)
    const page = await open(`${started.sandbox.url}/acme/widgets/issues/1`)
    await page.setViewportSize({ width: 400, height: 800 })
    for (const path of [
      'issues/1',
      'issues',
      `pull/${pull}`,
      `pull/${pull}/checks`,
      `pull/${pull}/files`,
      `runs/${runId}`,
    ]) {
      await page.goto(`${started.sandbox.url}/acme/widgets/${path}`)
      const over = await page.evaluate<number>(STICKING_OUT)
      expect([path, over]).toEqual([path, 0])
    }
  })

  test('news appear by themselves, but not under the hands of who is writing', async () => {
    const started = await startSandbox()
    await furnish(started)
    const page = await open(`${started.sandbox.url}/acme/widgets/issues/1`)
    await logIn(page, 'alice')
    await started.as('bob').post(`${WIDGETS}/issues/1/comments`, { body: 'First news' })
    await page.getByRole('paragraph').filter({ hasText: 'First news' }).waitFor()
    await page.getByPlaceholder('Add a comment').fill('half a sent')
    await started.as('bob').post(`${WIDGETS}/issues/1/comments`, { body: 'Second news' })
    const looked = page.waitForRequest((one) => one.headers()['x-refresh'] === '1', { timeout: 4000 })
    expect(await looked.then(() => 'looked').catch(() => 'quiet')).toBe('quiet')
    expect(await page.getByPlaceholder('Add a comment').inputValue()).toBe('half a sent')
  })
})
