/** A load generator in a process of its own: posts signed deliveries as fast as `CONCURRENCY` keep-alive connections allow, and prints their times. */
import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'

const [url = '', secret = '', total = '0', concurrency = '16', tasks = '1'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(concurrency) })

const payload = (n: number): string =>
  JSON.stringify({
    action: 'created',
    installation: { id: 1 },
    repository: { id: 7, node_id: 'R_7', full_name: 'acme/widgets', default_branch: 'main' },
    sender: { id: 5, login: 'alice', type: 'User' },
    issue: { number: (n % Number(tasks)) + 1, title: 'T', node_id: 'I_1', labels: [], state: 'open' },
    comment: {
      id: n + 1,
      node_id: `IC_${n}`,
      body: `/note number ${n}`,
      user: { id: 5, login: 'alice', type: 'User' },
      performed_via_github_app: null,
    },
  })

const post = (n: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const body = payload(n)
    const started = performance.now()
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-github-delivery': randomUUID(),
          'x-github-event': 'issue_comment',
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => {
          if ((answer.statusCode ?? 500) >= 300) reject(new Error(`status ${answer.statusCode}`))
          else resolve(performance.now() - started)
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })

const times: number[] = []
let next = 0
const started = performance.now()
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    for (let n = next++; n < Number(total); n = next++) times.push(await post(n))
  }),
)
console.log(JSON.stringify({ elapsedMs: performance.now() - started, times }))
process.exit(0)
