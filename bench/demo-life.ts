/** What one task's whole life costs in GitHub requests and in points of the secondary limit: counted by the sandbox, not timed. */
import { join } from 'node:path'
import { count, type Figures } from './figures.ts'
import { outputOf } from './running.ts'

interface DemoLine {
  readonly requests: {
    readonly total: number
    readonly app: number
    readonly action: number
    readonly by_route: Readonly<Record<string, number>>
  }
}

/** As GitHub counts: 1 for a read, 5 for a write; GraphQL queries 1, mutations 5. */
const points = (route: string): number => {
  // The artifact service is not part of the API that these points are for.
  if (route.includes('artifact service')) return 0
  return route.startsWith('GET ') || /graphql (repository|node|nodes|viewer)$/.test(route) ? 1 : 5
}

export const demoLife = async (): Promise<Figures> => {
  const main = join(import.meta.dirname, '..', 'demo', 'main.ts')
  const stdout = await outputOf([main, '--once', '--json'])
  const { requests } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as DemoLine
  const spent = Object.entries(requests.by_route).reduce((sum, [route, times]) => sum + points(route) * times, 0)
  return {
    'life-requests': count(requests.app + requests.action, 'requests'),
    'life-requests-app': count(requests.app, 'requests'),
    'life-requests-action': count(requests.action, 'requests'),
    'life-points': count(spent, 'points'),
  }
}
