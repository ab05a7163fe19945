/** Finds the row for a method and path. A fixed segment beats a parameter, so rows may be listed in any order. */
import type { Route } from './route.ts'

/** Parameters that may contain slashes. */
const SPANNING = new Set(['path', 'ref', 'branch', 'tag', 'basehead'])
/** Parameters that are numbers; a workflow may also go by its file's name. */
const NUMERIC = /^(?!workflow_id).*(_id|_number)$/
/** What GitHub has below a parameter that spans slashes and the sandbox has not: no branch is meant by these words. */
const UNMADE = [
  '/repos/{owner}/{repo}/commits/{ref}/comments',
  '/repos/{owner}/{repo}/commits/{ref}/status',
  '/repos/{owner}/{repo}/commits/{ref}/statuses',
  '/repos/{owner}/{repo}/commits/{ref}/branches-where-head',
  '/repos/{owner}/{repo}/branches/{branch}/protection',
  '/repos/{owner}/{repo}/branches/{branch}/protection/{path}',
].map(compile)

export type MatchRoute = (
  method: string,
  path: string,
) => { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined

export function createMatchRoute(routes: readonly Route[]): MatchRoute {
  const compiled = routes
    .map((route) => ({ route, pattern: compile(route.path), rank: rankOf(route.path) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
  return (method, path) => {
    if (UNMADE.some((one) => one.test(path))) return undefined
    for (const { route, pattern } of compiled) {
      if (route.method !== method) continue
      const match = pattern.exec(path)
      if (!match) continue
      const entries = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)] as const)
      return { route, params: Object.fromEntries(entries) }
    }
    return undefined
  }
}

/** GitHub's ids in paths are numbers, but names (`{name}`, `{assignee}`) are not; both are matched by their template. */
function compile(template: string): RegExp {
  const source = template
    .split('/')
    .map((segment) =>
      segment
        .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
        .replaceAll(/\{(\w+)\}/g, (_, name: string) => groupFor(name)),
    )
    .join('/')
  return new RegExp(`^${source}/?$`)
}

function groupFor(name: string): string {
  if (SPANNING.has(name)) return `(?<${name}>.*?)`
  return NUMERIC.test(name) ? String.raw`(?<${name}>\d+)` : `(?<${name}>[^/]+)`
}

/** Sorts fixed segments before numbers before names before spanning ones. */
function rankOf(template: string): string {
  return template
    .split('/')
    .map((segment, i, all) => {
      const name = /\{(\w+)\}/.exec(segment)?.[1]
      if (!name) return `0${segment}`
      // `commits/{ref}/check-runs` before `commits/{ref}`, which would swallow it.
      if (SPANNING.has(name)) return i === all.length - 1 ? '4' : '3'
      return NUMERIC.test(name) ? '1' : '2'
    })
    .join('/')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
