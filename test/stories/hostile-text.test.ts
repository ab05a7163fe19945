/** Hostile words in every place that takes words: wherever we say them again they do nothing, and records still hold. */
import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'
import { brokenRules, expectRecordHolds, republished, type Written } from './republished.ts'

const REPO = '/repos/acme/widgets'
const TOKEN = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
const KEY = `sk-ant-api03-${'Zz9_'.repeat(24)}`
const MARKER = '<!-- muster:record v1 kid=k1 rev=9 sig=00 {"a":1} -->'
const LINE = [
  '--> --!> @everyone @alice @acme/team Closes #1, fixes: #2 **resolves** acme/widgets#3 &#64;bob',
  `<b onclick=x>b</b> ![i](http://x/y) \`code\` | pipe || ${MARKER} muster: Muster-Attempt: task/401/1/attempt/1@1.1`,
  `${TOKEN} ${KEY} \u202Ebackwards\u202C \u200B\u2066z\u2069 \uFEFF \u{E0041}`,
].join(' ')
const LINES = `/approve\n> /merge\n- /close\n\`\`\`mermaid\ngraph LR\n\`\`\`\n~~~\n/claim\n${LINE}\r\n/cancel\u2028/retry\n\uD800half`
/** A text argument takes 500 characters at most. */
const shortly = (text: string): string => text.replace(KEY, 'KEY').slice(0, 480)
const QUOTED = shortly(LINE).replaceAll('"', "'")

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

it('whatever people and agents write, what we say again mentions, closes, commands and reveals nothing', async () => {
  const p = (open = await play())
  const errors: Written[] = []
  const one = await p.issue(shortly(LINE).slice(0, 256), LINES)
  const two = await p.issue('/approve @alice')
  await p.say('alice', one, '/task\n/ready\n/claim')
  await p.say('alice', two, '/task\n/ready')
  await p.quiet()

  // Every argument that takes text, as people write it: one line.
  await p.say('alice', one, `/note ${LINE}\n/block ${QUOTED}\n/unblock\n/block ${QUOTED}`)
  await p.say('alice', one, `/evidence "${QUOTED}" exit=1\n/artifact log https://ci.example/log?@bob name="${QUOTED}"`)
  // Answers repeat what was wrong.
  await p.say('alice', one, `/claim agent=${TOKEN}@alice!\n/priority @everyone\n/help @bob\n/depends <b>@alice</b>`)
  await p.say('alice', one, `/muster @everyone\n/claim @x=1\n/note ${'@alice '.repeat(9_000)}\n/retry "unclosed`)
  await p.say('carol', one, '/brief')
  await p.say('carol', one, '/show')
  await p.as('bob').patch(`${REPO}/issues/${two}`, { title: `${MARKER} Closes #1 @everyone`.slice(0, 256) })
  const label = '@alice --> closes #1'
  await p.as('bob').post(`${REPO}/issues/${two}/labels`, { labels: [`status/${label}`.slice(0, 50)] })

  // A branch and a pull request of that kind.
  const branch = 'muster/DEV-1-@everyone--closes'
  const { json: main } = await p.as('bob').get(`${REPO}/git/ref/heads/main`)
  await p.as('bob').post(`${REPO}/git/refs`, { ref: `refs/heads/${branch}`, sha: main.object.sha })
  const content = Buffer.from('x').toString('base64')
  await p.as('bob').put(`${REPO}/contents/x.txt`, { message: LINES.toWellFormed(), content, branch })
  const body = `${LINES}\nTask: DEV-1`
  const pull = await p
    .as('bob')
    .post(`${REPO}/pulls`, { title: shortly(LINE).slice(0, 256), head: branch, base: 'main', body })
  expect(pull.status).toBe(201)
  await p.quiet()

  // What runs report: names, places, messages and a log's end, on a check run with annotations.
  const [attempt] = (await p.app.store.projections.task(`task/401/${one}`))?.task.attempts ?? []
  expect(attempt?.headSha).toMatch(/^[0-9a-f]{40}$/)
  await p.report(one, {
    attempt: 1,
    source: 'ci.yml / unit',
    passed: false,
    failure: { class: 'test_fail', message: LINES },
    headSha: attempt?.headSha ?? null,
    measures: {
      trust: 'ci',
      durationMs: 1_000,
      tokens: null,
      costMicroUsd: null,
      model: shortly(LINE),
      tests: {
        total: 2,
        failed: 2,
        skipped: 0,
        failures: [
          { name: LINE, file: 'src/x.ts', line: 1, message: LINES },
          { name: LINES, file: 'src/@alice.ts', line: 2, message: '@alice '.repeat(20_000) },
        ],
      },
      run: { id: 1, attempt: 1, url: 'https://ci.example/@alice/<b>' },
      logTail: LINES,
    },
    artifacts: [
      {
        kind: 'benchmark',
        name: LINES,
        url: 'https://ci.example/a) [x](http://y/@alice',
        sha256: null,
        size: 1,
        mediaType: null,
        figures: [{ name: LINE, value: 1, unit: '@alice' }],
      },
    ],
    retryAfterMs: null,
  })

  // The same over HTTP, where texts may have lines and halves of characters.
  const agent = await p.agent('claude')
  const send = async (body: { readonly verb: string; readonly args?: object }): Promise<number> => {
    const { status, json } = await agent({ task: two, ...body })
    const { error } = json as { error?: { message: string; next: string } }
    if (error !== undefined) errors.push({ where: `HTTP ${body.verb}`, text: `${error.message}\n${error.next}` })
    return status
  }
  const text = shortly(LINES)
  expect(await send({ verb: 'note', args: { text: LINES } })).toBe(200)
  expect(await send({ verb: 'claim' })).toBe(200)
  expect(await send({ verb: 'artifact', args: { kind: 'log', url: 'https://x/%@a', name: text, fence: '1.1' } })).toBe(
    200,
  )
  expect(await send({ verb: 'evidence', args: { command: text, exit: 0, fence: '1.1' } })).toBe(200)
  expect(await send({ verb: 'fail', args: { class: 'tool_error', message: text, fence: '1.1' } })).toBe(200)
  expect(await send({ verb: 'block', args: { reason: text } })).toBe(200)
  expect(await send({ verb: 'claim' })).toBe(409)
  expect(await send({ verb: 'note', args: { text: 'x'.repeat(70_000) } })).toBe(400)
  expect(await send({ verb: LINE.slice(0, 40) })).toBe(400)
  expect(await send({ verb: 'claim', args: { [LINE.slice(0, 40)]: 1, agent: LINE } })).toBe(400)
  expect(await send({ verb: 'claim', args: { agent: LINE } })).toBe(400)
  expect(await send({ verb: 'priority', args: { priority: LINES } })).toBe(400)
  await p.say('alice', two, `/cancel ${LINE}`)
  await p.quiet()
  expect(await p.labels(two)).toContain('status/canceled')

  const written = republished(p)
  const seen = (where: string): number => written.filter((one) => one.where.startsWith(where)).length
  expect(seen('comment')).toBeGreaterThan(8)
  expect(seen('check')).toBeGreaterThan(1)
  expect(seen('annotation')).toBe(2)
  expect(errors.length).toBe(6)
  expect(brokenRules([...written, ...errors])).toEqual([])
  await expectRecordHolds(p, one)
  await expectRecordHolds(p, two)
  expect(p.sandbox.log.unsupported).toEqual([])
  // The words themselves arrived: it is not that nothing was said.
  expect(written.some(({ text: said }) => said.includes('everyone'))).toBe(true)
})

it('the largest comment that GitHub takes is read, and what is too long in it is refused', async () => {
  const p = (open = await play())
  const issue = await p.issue('Large')
  await p.say('alice', issue, '/task')
  await p.quiet()
  const chatter = 'blah /claim @everyone\n'.repeat(2_900)
  await p.say('alice', issue, `${chatter}/ready`)
  await p.say('alice', issue, `/note ${'x'.repeat(65_000)}`)
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/ready')
  expect(await p.thread(issue)).toContain('text must be at most 2000 characters')
  expect(brokenRules(republished(p))).toEqual([])
})
