/**
 * What lies between the App and the sandbox, in place of the network: passes requests and deliveries on, late, twice or not at
 * all as the plan says, and keeps a list of what it did. Calm, it only takes its time.
 */
import { nodeId } from '../../../app/sandbox/model/ids.ts'
import type { Sandbox } from '../../../app/sandbox/sandbox.ts'
import { CALM, type FaultPlan, type RequestFault } from './fault-plan.ts'
import { Died, type App, type Life } from './life.ts'
import { lives, type VirtualTime } from './virtual-time.ts'

export const APP_URL = 'http://app.test'
const SECONDARY_PAGE =
  'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits'
/** Characters of a request's variables that tell what it is about. */
const SHOWN = 160
const ANSWER = 600
/** Whoever gives no time of its own waits so long for an answer. */
const PATIENCE_MS = 30_000

export interface Wire {
  /** Takes the place of `globalThis.fetch`. */
  readonly fetch: typeof globalThis.fetch
  /** A request of people or agents: no faults. */
  readonly speak: (url: string, init: RequestInit) => Promise<Response>
  /** From here on nothing goes wrong. */
  calm(): void
  /** Requests of the App that change something, so far. */
  writes(): number
  /** The newest of them, in words. */
  lastWrites(count: number): readonly string[]
  requests(): number
  /** When the App was first told of a comment: the delivery was `begun` on its way in, and `stored`. */
  readonly arrivals: ReadonlyMap<number, { readonly begun: number; readonly stored: number }>
  /** The faults so far, in words. */
  readonly told: readonly string[]
}

export const createWire = (input: {
  readonly plan: FaultPlan
  readonly time: VirtualTime
  readonly sandbox: () => Sandbox
  readonly app: () => { readonly life: Life; readonly app: App } | null
  /** Whatever is asked and answered about this issue is told. */
  readonly issue: number | null
  /** Before and after each request of the App: where a life may end. */
  readonly tell: (life: Life, side: 'before' | 'after') => void
}): Wire => {
  const { time, sandbox, app, tell } = input
  let { plan } = input
  const told: string[] = []
  let requests = 0
  let deliveries = 0
  const written: string[] = []
  const arrivals = new Map<number, { readonly begun: number; readonly stored: number }>()

  /** In GitHub's own time, which is none. */
  const serve = (url: string, init: RequestInit): Promise<Response> =>
    lives.run(undefined, () =>
      time.holding(async () => {
        const { signal: _, ...rest } = init
        const answer = await sandbox().fetch(new Request(url, rest))
        const body = await answer.arrayBuffer()
        const isBare = answer.status === 204 || answer.status === 304
        return new Response(isBare ? null : body, { status: answer.status, headers: answer.headers })
      }),
    )

  const refuse = (fault: RequestFault & { kind: 'broken' | 'limited' }): Response => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'x-github-request-id': 'CHAOS:1' }
    if (fault.kind === 'broken') return new Response('{"message":"Server Error"}', { status: 502, headers })
    const wait = fault.retryAfterS === null ? {} : { 'retry-after': String(fault.retryAfterS) }
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    const body = JSON.stringify({ message, documentation_url: SECONDARY_PAGE })
    return new Response(body, { status: fault.status, headers: { ...headers, ...wait } })
  }

  const tokenOf = (headers: RequestInit['headers']): string =>
    (new Headers(headers).get('authorization') ?? '').replace(/^\S+ /, '')

  const request = async (life: Life, url: string, init: RequestInit): Promise<Response> => {
    const n = (requests += 1)
    time.stir()
    const fault = plan.request(n)
    const what = `${init.method ?? 'GET'} ${new URL(url).pathname}${operationIn(init.body)}`
    if (fault !== null) told.push(`${time.now()} request ${n} (${what}): ${JSON.stringify(fault)}`)
    tell(life, 'before')
    await time.sleep(plan.latency(2 * n))
    const patience = time.patienceOf(init.signal) ?? PATIENCE_MS
    if (fault?.kind === 'limited') return refuse(fault)
    if (fault?.kind === 'expired') sandbox().world.tokens.revoke(tokenOf(init.headers))
    const isDone = fault === null || !('done' in fault) || fault.done
    const answer = isDone ? await serve(url, init) : null
    if (answer !== null && isWrite(url, init)) written.push(`${what} ${fieldsIn(init.body)}`)
    const seen = answer === null ? 'not done' : `${answer.status} ${await answer.clone().text()}`
    if (isAbout(url, init))
      told.push(`${time.now()} request ${n} ${what} ${fieldsIn(init.body)} → ${seen.slice(0, ANSWER)}`)
    tell(life, 'after')
    await time.sleep(fault?.kind === 'slow' ? fault.ms : plan.latency(2 * n + 1))
    switch (fault?.kind) {
      case 'broken':
        return refuse(fault)
      case 'cut':
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
        })
      case 'silent':
        await time.sleep(patience)
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
      default:
        if (answer === null) throw new Error('no answer')
        return answer
    }
  }

  const isAbout = (url: string, { body }: RequestInit): boolean => {
    const { issue } = input
    const found = sandbox().state.issues.find(({ number, repositoryId }) => number === issue && repositoryId === 401)
    if (found === undefined) return false
    const text = typeof body === 'string' ? body : ''
    return (
      text.includes(`"${nodeId('Issue', found.id)}"`) ||
      text.includes(`"number":${issue}}`) ||
      text.includes(`"number":${issue},`) ||
      new RegExp(`/issues/${issue}(/|$)`).test(url)
    )
  }

  const reach = async (url: string, init: RequestInit): Promise<Response> => {
    const found = app()
    if (found === null || found.life.isDead) throw new TypeError('fetch failed')
    const { life } = found
    const { signal: _, ...rest } = init
    time.stir()
    const begun = time.now()
    const answer = await Promise.race([
      life.died,
      lives.run(life, async () => found.app.http.fetch(new Request(url, rest))),
    ]).catch((error: unknown) => {
      throw error instanceof Died ? new TypeError('fetch failed') : error
    })
    const comment = answer.status === 202 ? commentIn(init) : null
    if (comment !== null && !arrivals.has(comment)) arrivals.set(comment, { begun, stored: time.now() })
    return answer
  }

  const deliver = async (url: string, init: RequestInit): Promise<Response> => {
    const n = (deliveries += 1)
    const { delayMs, lost, unheard, againAfterMs, anew } = plan.delivery(n)
    const event = new Headers(init.headers).get('x-github-event')
    const note = (what: string): void => void told.push(`${time.now()} delivery ${n} (${event}): ${what}`)
    await time.sleep(delayMs)
    if (delayMs > 400) note(`${delayMs} ms late`)
    if (lost) {
      note('lost')
      throw new TypeError('fetch failed')
    }
    if (againAfterMs !== null) {
      note(`again after ${againAfterMs} ms${anew ? ', as news' : ''}`)
      const headers = new Headers(init.headers)
      if (anew) headers.set('x-github-delivery', `${headers.get('x-github-delivery')}-again`)
      time.after(againAfterMs, () => void reach(url, { ...init, headers }).catch(() => undefined))
    }
    const answer = await reach(url, init)
    if (!unheard) return answer
    note('unheard')
    await time.sleep(PATIENCE_MS)
    throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  }

  return {
    arrivals,
    told,
    fetch: async (target, init = {}) => {
      const url = target instanceof Request ? target.url : String(target)
      const life = lives.getStore()
      if (life === undefined) return deliver(url, init)
      // A dead life hears nothing any more.
      return Promise.race([request(life, url, init), life.died.catch(() => new Promise<never>(() => undefined))])
    },
    speak: (url, init) => (url.startsWith(APP_URL) ? lives.run(undefined, () => reach(url, init)) : serve(url, init)),
    calm: () => {
      plan = CALM
      Object.assign(sandbox().switches, CALM.switches, { graphqlFailEvery: 0 })
    },
    writes: () => written.length,
    lastWrites: (count) => written.slice(-count),
    requests: () => requests,
  }
}

/** The comment that a delivery says was written. */
const commentIn = ({ headers, body }: RequestInit): number | null => {
  if (new Headers(headers).get('x-github-event') !== 'issue_comment' || typeof body !== 'string') return null
  const { action, comment } = JSON.parse(body) as { readonly action: string; readonly comment: { readonly id: number } }
  return action === 'created' ? comment.id : null
}

const operationIn = (body: RequestInit['body']): string => {
  const [, kind = '', name = ''] = /^\{"query":"(query|mutation) (\w+)/.exec(typeof body === 'string' ? body : '') ?? []
  return kind === '' ? '' : ` ${kind} ${name}`
}

/** What a mutation does, and to what. */
const fieldsIn = (body: RequestInit['body']): string => {
  if (typeof body !== 'string') return ''
  const fields = [...body.matchAll(/: (\w+)\(input: \$/g)].map(([, field]) => field)
  return `${fields.join(' ')} ${body.slice(body.indexOf('"variables"')).slice(0, SHOWN)}`
}

/** Changes something that people see; a token is nothing of the kind. */
const isWrite = (url: string, { method = 'GET', body }: RequestInit): boolean =>
  method !== 'GET' &&
  !url.endsWith('/access_tokens') &&
  !(typeof body === 'string' && /^\{"query":"\s*query\b/.test(body))
