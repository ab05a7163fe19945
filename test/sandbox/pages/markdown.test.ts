import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../../app/sandbox/model/random.ts'
import { cleanHtml } from '../../../app/sandbox/pages/markdown/clean-html.ts'
import { isIntricate } from '../../../app/sandbox/pages/markdown/is-intricate.ts'
import { renderMarkdown } from '../../../app/sandbox/pages/markdown/render-markdown.ts'
import { createSandbox, type Sandbox } from '../../../app/sandbox/sandbox.ts'
import { createSpeaker } from '../client.ts'
import { SEED_KEYS } from '../seed-keys.ts'
import { WIDGETS } from '../start-sandbox.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  const alice = createSpeaker(sandbox.url, sandbox.tokens.alice)
  await alice.post(`${WIDGETS}/issues`, { title: 'One' })
  await alice.post('/repos/acme/secret/issues', { title: 'Hidden' })
})
afterAll(() => sandbox.close())

function show(text: string, who: 'alice' | 'mallory' = 'alice'): string {
  const { people, repositories } = sandbox.seed
  const caller = { kind: 'user', userId: people[who].id, agent: false } as const
  return renderMarkdown({ world: sandbox.world, caller, repo: repositories.widgets }, text)
}

describe('what GitHub shows', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a table', '| a | b |\n|--:|---|\n| 1 | 2 |', '<td align="right">1</td>'],
    ['a task list', '- [x] done\n- [ ] open', '<input checked="" type="checkbox" disabled> done'],
    [
      'details with Markdown inside',
      '<details><summary>More</summary>\n\n**bold**\n\n</details>',
      '<summary>More</summary>',
    ],
    ['code as it is', '`<b>` and\n\n```ts\nif (a < b) {}\n```', '<code class="language-ts">if (a &lt; b) {}\n</code>'],
    ['struck words', '~~gone~~', '<del>gone</del>'],
    ['line breaks of comments', 'one\ntwo', '<p>one<br>\ntwo</p>'],
    ['line breaks of browsers', 'one\r\ntwo', '<p>one<br>\ntwo</p>'],
    ['a mention', 'ask @alice', '<a class="reference" href="/alice">@alice</a>'],
    ['an issue', 'see #1', '<a class="reference" href="/acme/widgets/issues/1">#1</a>'],
    ['an issue by its full name', 'see acme/widgets#1', 'href="/acme/widgets/issues/1">acme/widgets#1</a>'],
    ['a diagram by its name', '```mermaid\ngraph LR\n```', '<figcaption>Diagram (Mermaid)</figcaption>'],
    [
      'a picture as a link',
      '![chart](https://example.com/a.png)',
      '<a class="picture" href="https://example.com/a.png"',
    ],
    ['an address', 'https://example.com/x', '<a href="https://example.com/x" rel="nofollow noopener noreferrer">'],
  ]
  test.each(cases)('%s', (_, markdown, html) => {
    expect(show(markdown)).toContain(html)
  })

  test('nothing of a comment in the text', () => {
    const html = show('seen\n\n<!-- muster:record v1 {"a":1} -->\n\n<!-- open to the end')
    expect(html.trim()).toBe('<p>seen</p>')
  })

  test('no link to a repository that the reader may not see, nor to what is not there', () => {
    const text = 'acme/secret#1, #99, @nobody-here'
    expect(show(text, 'mallory')).toBe(`<p>${text}</p>`)
    expect(show(text)).toContain('href="/acme/secret/issues/1"')
  })

  test('no links inside code or links', () => {
    const html = show('`@alice #1` [@bob #1](https://example.com)')
    expect(html).not.toContain('class="reference"')
  })
})

describe('hostile text', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '<img src=x onerror=alert(1)//',
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
    '[x](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/\\evil.example">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<b onmouseover="alert(1)" style="position:fixed">x</b>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>*{display:none}</style>',
    '<form action="/logout" method="post"><input name="form_token"><button>x</button></form>',
    '<base href="https://evil.example"><meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<details><summary>a<script>x</script></details></div></article></main>',
    '<!--><img src=x onerror=alert(1)>-->',
    '<!-- --!><img src=x onerror=alert(1)> -->',
    '<title><a title="</title><img src=x onerror=alert(1)>">',
    '<textarea></textarea><script>alert(1)</script>',
    '`</code></pre><script>alert(1)</script>`',
    '<pre><code class="language-mermaid"><pre><code class="language-mermaid">x</code></pre></code></pre>',
  ]
  test.each(hostile)('%s', (text) => expectHarmless(show(text)))

  test('thousands of shuffled pieces of hostile text stay harmless and closed', () => {
    const random = createRandom(7)
    const pieces = [
      ...hostile.flatMap((one) => one.split(/(?=[<>"'/=])/)),
      '\n\n',
      '&lt;',
      '<p>',
      '</p>',
      '<details open>',
    ]
    const pick = () => pieces[Math.floor(random.next('piece') * pieces.length)] ?? ''
    for (let i = 0; i < 3000; i++) expectHarmless(cleanHtml(Array.from({ length: 12 }, pick).join('')))
  })
})

const TAG = /<(\/?)([a-z][a-z\d]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/g
const TAGS =
  /^(?:a|b|blockquote|br|code|dd|del|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|input|ins|kbd|li|ol|p|pre|s|samp|section|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|ul|var)$/

/** Only known tags with known attributes, every element closed in its order, and no other angle bracket at all. */
function expectHarmless(html: string): void {
  expect(html.replaceAll(TAG, '')).not.toMatch(/[<>]/)
  const open: string[] = []
  for (const [whole, slash, tag = '', attributes = ''] of html.matchAll(TAG)) {
    expect(tag).toMatch(TAGS)
    expect(attributes.replaceAll(/="[^"]*"/g, '')).not.toMatch(/ (?:on\w+|style|srcdoc|src|action|name)\b/)
    const href = / href="([^"]*)"/.exec(attributes)?.[1]
    if (href !== undefined) expect(href).toMatch(/^(?:https?:\/\/|mailto:|\/(?![/\\])|#|[\w./-]*$)/)
    if (slash) expect(open.pop()).toBe(tag)
    else if (!/^(?:br|hr|input)$/.test(tag)) open.push(tag)
    expect(whole).not.toContain('javascript:')
  }
  expect(open).toEqual([])
}

describe('texts that would take the parser too long', () => {
  const long = 65_536
  test.each([
    ['quote marks', '>'.repeat(long)],
    ['list marks', '1. '.repeat(long / 3)],
    ['brackets', ']'.repeat(long)],
    ['stars', '*a**b'.repeat(long / 5)],
  ])('%s are shown as they were written', (_, text) => {
    expect(isIntricate(text)).toBe(true)
    expect(show(text)).toContain('<pre>')
  })

  test('what people write is not among them', () => {
    const log = `\`\`\`\n${'at some_file.ts [in __main__] * 3\n'.repeat(300)}\n\`\`\``
    expect(isIntricate(log)).toBe(false)
    expect(isIntricate('> - 1. a\n'.repeat(500))).toBe(false)
  })
})
