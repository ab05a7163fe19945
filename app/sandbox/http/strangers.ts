/**
 * What a request asks for that its route would not honour: query parameters, body fields at any depth, media types, API
 * versions. The server answers 501 to the first and records it; nothing is ignored quietly.
 */
import { describesQuery } from '../description/check-request.ts'
import { fieldsOf, unknownFields } from '../description/unknown-fields.ts'
import { badRequest } from './errors.ts'
import type { Route } from './route.ts'

/** The version that the sandbox answers in, and those that GitHub has beside it. */
export const API_VERSION = '2022-11-28'
const OTHER_VERSIONS = new Set(['2026-03-10'])

/** Media types that change nothing of a JSON answer; raw and diff are read by the routes that have them. */
const PLAIN_MEDIA = /^(?:\*\/\*|application\/(?:\*|json|vnd\.github(?:\.v3)?\+json|vnd\.github(?:\.v3)?)|text\/html)$/
const OTHER_FORM = /^application\/vnd\.github(?:\.v3)?\.(?:raw|diff|patch)(?:\+json)?$/

/** As they are recorded: `"teapot"`, `media type application/vnd.github.full+json`, `API version 2026-03-10`. */
export function strangersOf(
  route: Route,
  url: URL,
  headers: Headers,
  body: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [
    ...versionIn(headers),
    ...mediaIn(route, headers),
    ...[...url.searchParams.keys()].filter((name) => !takesParameter(route, name)).map(quoted),
    ...Object.keys(body)
      .filter((name) => !Array.isArray(body) && route.takes !== undefined && !route.takes.includes(name))
      .map(quoted),
    ...(route.rawBody ? [] : unknownFields(route.operationId, body)).map(quoted),
    ...(route.refuses ? fieldsOf(body).filter((place) => route.refuses?.includes(place)) : []).map(quoted),
  ]
}

const quoted = (name: string): string => `"${name}"`

function takesParameter(route: Route, name: string): boolean {
  if (route.method === 'GET' && (name === 'per_page' || name === 'page')) return true
  if (route.takes && !route.takes.includes(name)) return false
  return describesQuery(route.operationId, name)
}

/** GitHub answers 400 to a version that it does not have. */
function versionIn(headers: Headers): readonly string[] {
  const asked = headers.get('x-github-api-version')
  if (asked === null || asked === API_VERSION) return []
  if (OTHER_VERSIONS.has(asked)) return [`API version ${asked}`]
  throw badRequest(`${asked} is not a supported version. Supported versions: ${API_VERSION}.`)
}

function mediaIn(route: Route, headers: Headers): readonly string[] {
  const asked = (headers.get('accept') ?? '*/*').split(',').map((one) => one.split(';')[0]?.trim().toLowerCase() ?? '')
  return asked
    .filter((one) => !PLAIN_MEDIA.test(one) && !(route.otherForms && OTHER_FORM.test(one)))
    .map((one) => `media type ${one.slice(0, 100)}`)
}
