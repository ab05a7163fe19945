/** Answers as GitHub sends them: JSON, an ETag, 304 when the client has it already, errors in GitHub's format. */
import { createHash } from 'node:crypto'
import { GitHubError } from './errors.ts'
import type { RouteAnswer } from './route.ts'
import { API_VERSION } from './strangers.ts'

const COMMON = {
  'x-github-media-type': 'github.v3; format=json',
  'x-github-api-version-selected': API_VERSION,
  'cache-control': 'private, max-age=60, s-maxage=60',
}

export function sendJson(request: Request, answer: RouteAnswer): Response {
  const headers = { ...COMMON, ...answer.headers }
  if (answer.body === undefined || answer.status === 204) return new Response(null, { status: answer.status, headers })
  const text = JSON.stringify(answer.body)
  // Another token's ETag is not known, though it says the same.
  const token = request.headers.get('authorization') ?? ''
  const etag = `W/"${createHash('sha256').update(`${token}\n${text}`).digest('hex')}"`
  if (request.method === 'GET' && answer.status === 200 && holds(request.headers.get('if-none-match'), etag))
    return new Response(null, { status: 304, headers: { ...headers, etag } })
  return new Response(text, {
    status: answer.status,
    headers: { ...headers, etag, 'content-type': 'application/json; charset=utf-8' },
  })
}

/** Unexpected errors are 500 without their text: it may hold anything. The process's own log shows them. */
export function sendError(error: unknown): Response {
  if (!(error instanceof GitHubError)) {
    console.error('sandbox fault:', error)
    return Response.json({ message: 'Server Error' }, { status: 500, headers: COMMON })
  }
  const headers = { ...COMMON, ...error.headers, 'content-type': 'application/json; charset=utf-8' }
  return new Response(JSON.stringify(error.body()), { status: error.status, headers })
}

function holds(given: string | null, etag: string): boolean {
  return (given ?? '')
    .split(',')
    .some((one) => one.trim() === etag || one.trim() === etag.slice(2) || one.trim() === '*')
}
