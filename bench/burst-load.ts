/** Sends signed deliveries all at once, each on a connection of its own as from many senders, and prints how long each answer took. */
import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'

const [url = '', secret = '', file = '', from = '0', count = '0'] = process.argv.slice(2)
const all = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly event: string; readonly body: string }[]
const agent = new Agent({ keepAlive: false, maxSockets: Infinity })

/** Made before the first is sent: the client's own work is no part of the answer's time. */
const ready = all.slice(Number(from), Number(from) + Number(count)).map(({ event, body }) => ({
  body: Buffer.from(body),
  headers: {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-github-delivery': randomUUID(),
    'x-github-event': event,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  },
}))
if (ready.length !== Number(count)) throw new Error(`${file} holds too few deliveries`)

const send = ({ body, headers }: (typeof ready)[number]): Promise<number> =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) >= 300) reject(new Error(`status ${answer.statusCode}`))
        else resolve(performance.now() - started)
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

console.log(JSON.stringify(await Promise.all(ready.map(send))))
