/** A results service as small as one upload needs, on a real port. It checks the order of the requests and keeps the zip. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ResultsServer {
  readonly url: string
  /** A runtime token for it. */
  readonly token: string
  readonly requests: readonly string[]
  readonly uploads: readonly { readonly name: string; readonly zip: Uint8Array }[]
  close(): Promise<void>
}

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export const startResultsServer = async (): Promise<ResultsServer> => {
  const requests: string[] = []
  const uploads: { name: string; zip: Uint8Array }[] = []
  const claims = Buffer.from(JSON.stringify({ scp: 'Actions.Results:run-a:job-b' })).toString('base64url')
  const token = `header.${claims}.signature`
  const taken = new Set<string>()
  let name = ''
  let zip = new Uint8Array()

  const answer = async (request: IncomingMessage): Promise<readonly [number, unknown]> => {
    const path = new URL(request.url ?? '/', 'http://local').pathname
    requests.push(`${request.method} ${path}`)
    const bytes = await read(request)
    if (path === '/blob') {
      if (request.headers['x-ms-blob-type'] !== 'BlockBlob' || request.headers.authorization !== undefined)
        return [400, {}]
      zip = new Uint8Array(bytes)
      return [201, {}]
    }
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { code: 'unauthenticated' }]
    const body = JSON.parse(bytes.toString()) as Record<string, unknown>
    if (body['workflow_run_backend_id'] !== 'run-a' || body['workflow_job_run_backend_id'] !== 'job-b') return [403, {}]
    if (path.endsWith('/CreateArtifact')) {
      name = String(body['name'])
      if (taken.has(name)) return [409, { code: 'already_exists' }]
      taken.add(name)
      return [200, { ok: true, signed_upload_url: `${url}/blob?sig=s%2Bg` }]
    }
    const hash = `sha256:${createHash('sha256').update(zip).digest('hex')}`
    if (!path.endsWith('/FinalizeArtifact') || body['name'] !== name) return [404, {}]
    if (body['hash'] !== hash || body['size'] !== String(zip.length)) return [400, {}]
    uploads.push({ name, zip })
    return [200, { ok: true, artifact_id: '77' }]
  }

  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    token,
    requests,
    uploads,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
