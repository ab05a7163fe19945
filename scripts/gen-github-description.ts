/**
 * Writes app/sandbox/description/github.generated.json: of GitHub's OpenAPI description, only the operations in the
 * sandbox's route table and the payloads of the events it sends, without prose, as JSON Schema. The description itself
 * (29 MB) is fetched into a temporary folder when this runs and is no dependency. `--check` compares instead of writing.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AREAS } from '../app/sandbox/areas.ts'
import { EVENT_PERMISSIONS, INSTALLATION_EVENTS } from '../app/sandbox/webhooks/event-permissions.ts'
import { shareRepeats } from './share-repeats.ts'
import { stripProse, toJsonSchema } from './to-json-schema.ts'

const PACKAGE = '@octokit/openapi@23.0.2'
const EVENTS: readonly string[] = [...Object.keys(EVENT_PERMISSIONS), ...INSTALLATION_EVENTS]
const TARGET = new URL('../app/sandbox/description/github.generated.json', import.meta.url)

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly JsonObject[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonObject }>> }
  readonly responses: Readonly<Record<string, JsonObject>>
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<'schemas' | 'responses' | 'parameters', Readonly<Record<string, JsonObject>>>>
}

function fetchOpenApi(): OpenApi {
  const folder = mkdtempSync(join(tmpdir(), 'github-description-'))
  try {
    execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: folder })
    execFileSync(
      'tar',
      ['xzf', `octokit-openapi-${PACKAGE.split('@').at(-1)}.tgz`, 'package/generated/api.github.com.json'],
      {
        cwd: folder,
      },
    )
    return JSON.parse(readFileSync(join(folder, 'package/generated/api.github.com.json'), 'utf8')) as OpenApi
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function build(api: OpenApi) {
  const wanted = new Set(AREAS.flatMap((area) => area.routes ?? []).map((route) => route.operationId as string))
  const operations: Record<string, unknown> = {}
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, operation] of Object.entries(methods))
      if (wanted.delete(operation.operationId))
        operations[operation.operationId] = describe(api, method, path, operation)
  if (wanted.size > 0) throw new Error(`GitHub describes no operation ${[...wanted].join(', ')}`)

  const payloads = Object.fromEntries(
    EVENTS.flatMap((event) => {
      const prefix = `webhook-${event.replaceAll('_', '-')}`
      return Object.keys(api.components.schemas)
        .filter((name) => name === prefix || name.startsWith(`${prefix}-`))
        .filter((name) => belongs(name, event))
        .map((name) => [name, { $ref: `#/components/schemas/${name}` }])
    }),
  )
  const schemas = closure(api, [operations, payloads])
  const shared = shareRepeats(toJsonSchema({ operations, payloads, schemas }) as Record<string, Json>)
  return { source: PACKAGE, ...shared }
}

/** `webhook-issues-opened` belongs to `issues`; `webhook-pull-request-review-submitted` not to `pull_request`. */
function belongs(name: string, event: string): boolean {
  const longer = EVENTS.filter((other) => other !== event && other.startsWith(`${event}_`))
  return !longer.some((other) => name.startsWith(`webhook-${other.replaceAll('_', '-')}`)) && !name.includes('-thread-')
}

function describe(api: OpenApi, method: string, path: string, operation: Operation) {
  const resolve = (part: JsonObject): JsonObject => {
    const ref = part['$ref']
    if (typeof ref !== 'string') return part
    const [, , kind = '', name = ''] = ref.split('/')
    return api.components[kind as 'responses'][name] ?? {}
  }
  const query = (operation.parameters ?? [])
    .map((one) => resolve(one))
    .filter((one) => one['in'] === 'query')
    .map((one) => [one['name'], one['schema'] ?? {}])
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    const content = resolve(response)['content'] as Record<string, JsonObject> | undefined
    return [status, content?.['application/json']?.['schema'] ?? null]
  })
  const body = operation.requestBody?.content?.['application/json']?.schema
  return {
    method: method.toUpperCase(),
    path,
    query: Object.fromEntries(query) as unknown,
    ...(body && { body }),
    responses: Object.fromEntries(responses) as unknown,
  }
}

/** Every schema that the roots refer to, and what those refer to. */
function closure(api: OpenApi, roots: readonly unknown[]): Record<string, JsonObject> {
  const found: Record<string, JsonObject> = {}
  const queue = [...roots]
  for (let part = queue.pop(); part !== undefined; part = queue.pop()) {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const schema = api.components.schemas[name]
      if (found[name] || !schema) continue
      found[name] = schema
      queue.push(schema)
    }
  }
  return found
}

const text = `${JSON.stringify(build(stripProse(fetchOpenApi())))}\n`
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('github.generated.json is not what the route table needs: run npm run gen:github-description')
    process.exitCode = 1
  }
} else {
  writeFileSync(TARGET, text)
  console.log(`wrote ${TARGET.pathname}, ${Math.round(text.length / 1024)} KB`)
}
