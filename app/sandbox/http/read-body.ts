/** Reads a request's body once: its bytes, and its JSON checked strictly against GitHub's description of the operation. */
import { checkRequest } from '../description/check-request.ts'
import { badRequest } from './errors.ts'
import type { Route } from './route.ts'

export interface ReadBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly body: Record<string, unknown>
}

export async function readBody(request: Request, route: Route): Promise<ReadBody> {
  if (request.method === 'GET' || request.method === 'HEAD') return { bytes: new Uint8Array(), body: {} }
  const bytes = new Uint8Array(await request.arrayBuffer().catch(brokenOff))
  if (route.rawBody) return { bytes, body: {} }
  const body = parse(bytes)
  checkRequest(route.operationId, body)
  return { bytes, body: body as Record<string, unknown> }
}

/** The client went away before it had said everything. */
function brokenOff(): never {
  throw badRequest('The body of the request ended too early')
}

function parse(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes)
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('Problems parsing JSON')
  }
}
