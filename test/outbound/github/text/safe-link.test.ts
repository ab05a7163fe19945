import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { safeLink } from '../../../../app/outbound/github/text/safe-link.ts'

const URL_ = 'https://ci.test/runs/9'

/** The cell of a table as GitHub's Markdown shows it, and every address that it leads to. */
const cell = (link: string): { readonly html: string; readonly hrefs: readonly string[] } => {
  const html = micromark(`| a | b |\n|---|---|\n| ${link} | end |`, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
  expect(html.match(/<td>/g)).toHaveLength(2)
  expect(html).toContain('<td>end</td>')
  return { html, hrefs: [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, href = '']) => href) }
}

const hosts = (hrefs: readonly string[]): readonly string[] => hrefs.map((href) => new URL(href).host)

describe('addresses that are not followed leave only their text', () => {
  it.each([
    ['a script', 'javascript:alert(1)'],
    ['a script in disguise', 'JaVa\nScRiPt:alert(1)'],
    ['a script behind a blank', ' \u0001javascript:alert(1)'],
    ['a document of their own', 'data:text/html,<script>alert(1)</script>'],
    ['a file', 'file:///etc/passwd'],
    ['mail', 'mailto:x@evil.test'],
    ['a place on our own page', '/acme/widgets/settings'],
    ['another host under this scheme', '//evil.test/'],
    ['no address', 'not an address'],
    ['nothing', ''],
    ['a familiar host as a user name', 'https://github.com@evil.test/acme'],
    ['a user name and a password', 'https://alice:secretword@ci.test/'],
    ['a user name that is escaped', 'https://github.com%2Facme@evil.test/'],
    ['more than an address', `https://ci.test/${'a'.repeat(1_000)}`],
    ['a host with turned writing', 'https://ci\u202Egro.test/'],
    ['a token', `https://ci.test/?t=ghp_${'a'.repeat(36)}`],
    ['an escaped token', `https://ci.test/?t=ghp%5F${'a'.repeat(36)}`],
    ['a password in a parameter', 'https://ci.test/?password=hunter2hunter2'],
  ])('%s', (_, url) => {
    expect(safeLink('the log', url, 80)).toBe('the log')
    expect(cell(safeLink('the log', url, 80)).hrefs).toEqual([])
  })
})

describe('addresses that try to leave their place stay in it', () => {
  it.each([
    ['a bracket', 'https://ci.test/a)b', 'https://ci.test/a%29b'],
    [
      'a bracket and a second link',
      'https://ci.test/a)[x](https://evil.test',
      'https://ci.test/a%29%5Bx%5D%28https://evil.test',
    ],
    ['square brackets', 'https://ci.test/[a]', 'https://ci.test/%5Ba%5D'],
    ['a bar', 'https://ci.test/a|b', 'https://ci.test/a%7Cb'],
    ['a tag', 'https://ci.test/<img src=x>', 'https://ci.test/%3Cimg%20src=x%3E'],
    ['a title', `https://ci.test/ "x" 'y'`, 'https://ci.test/%20%22x%22%20%27y%27'],
    ['line ends', 'https://ci.test/a\n\n# b\r\nc', 'https://ci.test/a#%20bc'],
    ['a backslash at the end', 'https://ci.test/?a\\', 'https://ci.test/?a%5C'],
    ['code', 'https://ci.test/?`a`', 'https://ci.test/?%60a%60'],
    ['a mention', 'https://ci.test/@alice', 'https://ci.test/%40alice'],
    ['turned writing', 'https://ci.test/\u202Egol', 'https://ci.test/%E2%80%AEgol'],
  ])('%s', (_, url, href) => {
    const link = safeLink('the log', url, 80)
    expect(link).toBe(`[the log](${href})`)
    expect(hosts(cell(link).hrefs)).toEqual(['ci.test'])
  })

  it('a comment, or a marker of ours, is none', () => {
    expect(safeLink('x', 'https://ci.test/?<!-- muster:record -->', 80)).not.toMatch(/<!--|-->|muster:/)
  })
})

describe('texts that try to become links themselves', () => {
  it.each([
    ['the end of a link', 'x](https://evil.test) [y'],
    ['a backslash before the end of a link', String.raw`x\](https://evil.test)`],
    ['two backslashes', String.raw`x\\](https://evil.test)`],
    ['a backslash at the very end', 'x\\'],
    ['a picture', '![x](https://evil.test/x.png)'],
    ['an address', 'https://evil.test/a'],
    ['an address without a scheme', 'www.evil.test/a'],
    ['an address in brackets', '<https://evil.test>'],
    ['mail', 'a@evil.test'],
    ['a bar', 'x | [y](https://evil.test)'],
    ['a tag', '<a href="https://evil.test">x</a>'],
    ['a line end', 'x\n\n[y](https://evil.test)'],
    ['turned writing', 'x\u202E](tset.live//:sptth)\u202C'],
    ['code', '`x](https://evil.test)`'],
    ['a reference', '[x][1]'],
    ['a footnote', '[^1]'],
  ])('%s', (_, text) => {
    const good = cell(safeLink(text, URL_, 80))
    expect(hosts(good.hrefs)).toEqual(['ci.test'])
    expect(good.html).not.toMatch(/<img|<a href="(?!https:\/\/ci\.test)|\p{Bidi_Control}/u)
    expect(cell(safeLink(text, 'javascript:alert(1)', 80)).hrefs).toEqual([])
  })
})

describe('texts that promise another place than the link leads to', () => {
  it.each(['https://github.com/acme', 'github.com/acme/widgets', 'www.github.com', 'See github.com: it is safe'])(
    'are followed by the real host: %s',
    (text) => {
      expect(safeLink(text, 'https://evil.test/x', 80)).toMatch(/\]\(https:\/\/evil\.test\/x\) \(evil\.test\)$/)
      expect(cell(safeLink(text, 'https://evil.test/x', 80)).hrefs).toEqual(['https://evil.test/x'])
    },
  )

  it('shows hosts in letters of another script as browsers resolve them', () => {
    expect(safeLink('log', 'https://gіthub.com/acme', 80)).toBe(
      '[log](https://xn--gthub-n2e.com/acme) (xn--gthub-n2e.com)',
    )
    expect(safeLink('log', 'https://xn--gthub-n2e.com/', 80)).toContain('(xn--gthub-n2e.com)')
  })

  it('leaves names of files and runs as they are', () => {
    for (const text of ['run 900', 'coverage/index.html', 'agent.jsonl', 'v1.2 of it', 'parse: 3.5 ms']) {
      expect(safeLink(text, URL_, 80)).toBe(`[${text}](${URL_})`)
    }
  })
})

it('an empty text is shown as the host', () => {
  expect(safeLink(' \u202E', URL_, 80)).toBe(`[ci.test](${URL_})`)
})

it('a long text is cut and says so, and still ends in its link', () => {
  const link = safeLink('['.repeat(500), URL_, 40)
  expect(hosts(cell(link).hrefs)).toEqual(['ci.test'])
  expect(link.length).toBeLessThan(200)
})
