/** A browser without scripts: keeps cookies, follows redirects, fills in the forms that a page really has. */
import type { Sandbox } from '../../../app/sandbox/sandbox.ts'

export interface Seen {
  readonly status: number
  readonly path: string
  readonly html: string
  readonly headers: Headers
}

export interface Visitor {
  get(path: string): Promise<Seen>
  /** Sends the form of the page whose `action` is given, with its hidden fields; `fields` come on top. */
  submit(page: Seen, action: string, fields?: Readonly<Record<string, string>>): Promise<Seen>
  /** Sends whatever is given, as a page of elsewhere would. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Seen>
  login(person: string): Promise<void>
}

export function createVisitor(sandbox: Pick<Sandbox, 'url'>): Visitor {
  const cookies = new Map<string, string>()

  async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
    const headers = new Headers(init.headers)
    headers.set('accept', 'text/html,application/xhtml+xml,*/*;q=0.8')
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await fetch(new URL(path, sandbox.url), { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const cut = pair.indexOf('=')
      cookies.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    const location = answer.headers.get('location')
    if (location !== null) return ask(location)
    return { status: answer.status, path, html: await answer.text(), headers: answer.headers }
  }

  const post: Visitor['post'] = (path, fields, headers = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })

  const visitor: Visitor = {
    get: (path) => ask(path),
    post,
    submit(page, action, fields = {}) {
      const form = page.html.split('<form').find((one) => one.includes(`action="${action}"`))
      if (!form) throw new Error(`${page.path} has no form to ${action}`)
      return post(action, { ...hiddenIn(form.split('</form>')[0] ?? ''), ...fields }, { origin: sandbox.url })
    },
    async login(person) {
      await visitor.submit(await visitor.get('/login'), '/login', { login: person })
    },
  }
  return visitor
}

function hiddenIn(form: string): Record<string, string> {
  const inputs = form.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, decode(value)]))
}

/** Entities back to letters, for comparing what a page shows. */
export function decode(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
