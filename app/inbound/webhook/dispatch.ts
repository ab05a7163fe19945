/** From the inbox to Probot's handlers. Probot would log a whole payload when a handler throws, so faults are carried around it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Probot } from 'probot'
import type { InboxItem } from '../../engine/ports.ts'

interface Faults {
  first: unknown
  any: boolean
}

const faults = new AsyncLocalStorage<Faults>()

/** Wraps a handler: what it throws is kept for dispatch() and not seen by Probot. */
export const carrying =
  <Context>(handler: (context: Context) => Promise<void>) =>
  async (context: Context): Promise<void> => {
    try {
      await handler(context)
    } catch (error) {
      const kept = faults.getStore()
      if (kept === undefined) throw error
      if (!kept.any) kept.first = error
      kept.any = true
    }
  }

/** Runs every handler for the delivery; throws what the first of them threw. */
export const dispatch = async (probot: Probot, item: Pick<InboxItem, 'id' | 'name' | 'body'>): Promise<void> => {
  const kept: Faults = { first: undefined, any: false }
  await faults.run(kept, async () => {
    const event = { id: item.id, name: item.name, payload: JSON.parse(item.body) as unknown }
    // The name was checked at the door only for its form; Probot has handlers for the ones we know and ignores the rest.
    await probot.receive(event as Parameters<Probot['receive']>[0])
  })
  if (kept.any) throw kept.first
}
