/** One fixed history: several streams, edges, Unicode, keys whose order differs between collations. Times and ids are fixed. */
import { canonicalJson } from '../../app/domain/event/canonical-json.ts'
import type { StreamId } from '../../app/domain/event/envelope.ts'
import type { Store } from '../../app/engine/ports.ts'
import { change, type Change } from './history.ts'

const SCRIPT: readonly (readonly [StreamId, readonly Change[]])[] = [
  ['project/1', [{ repository: 'acme/widgets' }]],
  ['task/1/2', [{ title: 'Straße ﬀ 🚀 \u2028' }, { Zeta: 1, alpha: 2, _under: 3, é: 4 }]],
  ['task/1/10', [{ title: '<!-- -->', nested: { b: [1, { y: null, x: 1e21 }], a: -0.5 } }]],
  ['task/1/11', [{ dependsOn: ['task/1/2', 'task/1/10'] }]],
  ['task/1/2', [{ title: 'renamed', status: 'done' }]],
  ['task/2/1', [{ nul: '\u0000', lone: '\ud800', backslash: '\\u0000' }]],
]

export const playScript = async (store: Store): Promise<void> => {
  for (const [n, [stream, changes]] of SCRIPT.entries()) await change(store, stream, `script-${n}`, changes)
}

/** What the dump must be after the script, worked out by hand and not by a store. */
export const SCRIPT_DUMP = canonicalJson({
  books: {},
  edges: { 'task/1/11': ['task/1/10', 'task/1/2'] },
  projects: {
    'project/1': {
      version: 1,
      state: { stream: 'project/1', repositoryId: 1, repository: 'acme/widgets', installationId: 1, prefix: 'DEV' },
    },
  },
  tasks: {
    'task/1/2': {
      version: 3,
      state: {
        stream: 'task/1/2',
        project: 'project/1',
        key: 'DEV-2',
        number: 2,
        waitUntil: null,
        dependsOn: [],
        Zeta: 1,
        alpha: 2,
        _under: 3,
        é: 4,
        title: 'renamed',
        status: 'done',
      },
    },
    'task/1/10': {
      version: 1,
      state: {
        stream: 'task/1/10',
        project: 'project/1',
        key: 'DEV-10',
        number: 10,
        waitUntil: null,
        dependsOn: [],
        status: 'ready',
        title: '<!-- -->',
        nested: { b: [1, { y: null, x: 1e21 }], a: -0.5 },
      },
    },
    'task/1/11': {
      version: 1,
      state: {
        stream: 'task/1/11',
        project: 'project/1',
        key: 'DEV-11',
        number: 11,
        waitUntil: null,
        status: 'ready',
        dependsOn: ['task/1/2', 'task/1/10'],
      },
    },
    'task/2/1': {
      version: 1,
      state: {
        stream: 'task/2/1',
        project: 'project/2',
        key: 'DEV-1',
        number: 1,
        waitUntil: null,
        dependsOn: [],
        status: 'ready',
        nul: '\u0000',
        lone: '\ud800',
        backslash: '\\u0000',
      },
    },
  },
})
