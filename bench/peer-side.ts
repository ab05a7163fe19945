/** One side of the comparison in a process of its own: does the work that it is told to do, and says how long that took. */
import { openOurs, openPeer, type Worker } from './peer-work.ts'

export type Asked =
  /** Together: all of it is asked for at once, as many agents do; otherwise each when the one before is done. */
  | { readonly work: 'create'; readonly from: number; readonly count: number; readonly together?: boolean }
  | {
      readonly work: 'claim' | 'evidence' | 'kept'
      readonly ids: readonly string[]
      readonly agent: string
      readonly together?: boolean
    }
  | { readonly work: 'list' | 'page'; readonly together?: boolean }

export interface Answered {
  readonly ms: number
  readonly results: readonly (string | boolean | number | null)[]
}

const [side = '', dir = '', installed = ''] = process.argv.slice(2)
const worker = side === 'ours' ? await openOurs(dir) : await openPeer(dir, installed)

process.on('message', (asked: Asked) => {
  void answer(worker, asked).then((answered) => process.send?.(answered))
})
process.channel?.ref()
process.once('disconnect', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))
console.log(JSON.stringify({ side }))

async function answer(worker: Worker, asked: Asked): Promise<Answered> {
  const each = stepsOf(worker, asked)
  const results: Answered['results'][number][] = []
  const started = performance.now()
  if (asked.together === true) results.push(...(await Promise.all(each.map((step) => step()))))
  else for (const step of each) results.push(await step())
  return { ms: performance.now() - started, results }
}

function stepsOf(worker: Worker, asked: Asked): readonly (() => Promise<string | boolean | number | null>)[] {
  switch (asked.work) {
    case 'create':
      return Array.from({ length: asked.count }, (_, n) => () => worker.create(asked.from + n))
    case 'claim':
      return asked.ids.map((id) => () => worker.claim(id, asked.agent))
    case 'evidence':
      return asked.ids.map((id, n) => () => worker.evidence(id, asked.agent, n).then(() => null))
    case 'kept':
      return asked.ids.map((id) => () => worker.kept(id))
    case 'list':
    case 'page':
      return [() => worker[asked.work]()]
  }
}
