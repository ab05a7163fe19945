/** A Muster that writes records with chapters to a GitHub in memory, and can be killed, lost and restored. */
import { fold } from '../../../../app/engine/fold.ts'
import type { PersonChange } from '../../../../app/engine/person-change.ts'
import type { Store } from '../../../../app/engine/ports.ts'
import { createChapters } from '../../../../app/outbound/github/chapters/keep-chapters.ts'
import type { ChapterBase } from '../../../../app/outbound/github/chapters/chapter-notes.ts'
import { createRecords } from '../../../../app/outbound/github/replica/create-records.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { OUR_APP } from '../memory-github.ts'
import { KEYS } from '../record/given.ts'
import { createWorld } from '../restore/given-world.ts'

export const STREAM = task(12)

export const givenChapters = async () => {
  const world = await createWorld()
  const { github, clock } = world
  await world.ready(12)
  const changes: PersonChange[] = []
  const later: { readonly at: number; readonly behind: boolean }[] = []

  /** A process over the data. */
  const processOver = (store: Store) => {
    const onPersonChange = async (change: PersonChange) => {
      changes.push(change)
      return { explain: null }
    }
    const keeper = world.keeperOf(store)
    const chapters = createChapters({
      log: store.log,
      fold,
      keys: KEYS,
      documents: store.documents,
      clock,
      trustedApps: [OUR_APP],
      onPersonChange,
      later: async (_, at, behind) => void later.push({ at, behind }),
    })
    const records = createRecords({
      log: store.log,
      projections: store.projections,
      fold,
      keys: KEYS,
      appId: OUR_APP,
      bareCommands: async () => true,
      ledger: () => keeper,
      github: () => github,
      chapters,
      onPersonChange,
      onGap: async () => {},
    })
    const issue = { ...github.issue(12), repositoryNodeId: 'R_7' }
    return {
      /** The text of the record, its chapters written. */
      encode: () => records.write(STREAM, issue),
      look: () => records.lookAtOlder(STREAM, issue, { kind: 'user', id: 'mallory' }),
      meet: async (nodeId: string) => {
        const [held] = await github.comments([nodeId])
        if (held === null || held === undefined) throw new Error('no record')
        const record = { nodeId, id: held.id, body: held.body, ours: true, editor: null, editedByUs: false }
        return records.meet(STREAM, issue, record)
      },
      keeper,
    }
  }

  let running = processOver(world.store)
  let head: { readonly nodeId: string; readonly id: number } | null = null

  const post = (body: string): void => {
    if (head === null) head = github.post(12, body)
    else github.edit(head.nodeId, body, OUR_APP)
  }

  return {
    ...world,
    changes,
    later,
    processOver,
    restart: () => (running = processOver(world.store)),
    encode: () => running.encode(),
    look: () => running.look(),
    /** Brings the issue up to date, as the reconciler does. */
    async bring(): Promise<string> {
      const { body, rev } = await running.encode()
      if (head === null || github.bodyOf(head.nodeId) !== body) post(body)
      const { head: hash } = await world.store.log.load(STREAM)
      if (head !== null) world.marks.set(12, { stream: STREAM, number: 12, comment: head, rev, head: hash })
      return body
    },
    head: (): string => head?.nodeId ?? '',
    /** Evidence with texts of this length, through the engine. */
    async work(count: number, length = 900, from = 0): Promise<void> {
      for (let n = from; n < from + count; n += 1) {
        await world.ask(STREAM, {
          type: 'record-custom',
          name: 'step',
          data: { n, text: 'x'.repeat(length) },
          fence: null,
        })
      }
    },
    /** Comments of chapters, oldest first. */
    chapters: (): readonly string[] =>
      github.on(12).filter((nodeId) => github.bodyOf(nodeId).includes('<!-- muster:sealed ')),
    async noted(): Promise<ChapterBase | null> {
      const text = await world.store.documents.get('chapters', STREAM)
      return text === null ? null : (JSON.parse(text) as ChapterBase)
    },
    eventsOf: (store: Store) => store.log.read(STREAM),
    project: PROJECT,
  }
}

export type GivenChapters = Awaited<ReturnType<typeof givenChapters>>
