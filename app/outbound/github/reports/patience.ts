/** GitHub's lists lag behind what its webhooks tell. A list that looks too old is read again a few times, and then taken as it is. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock, Documents } from '../../../engine/ports.ts'
import { GitHubFault } from '../client/fault.ts'

export interface Patience {
  /** Throws a fault that says when to read again, until `key` has been waited for often enough. */
  wait(key: string, route: string): Promise<void>
  /** What was waited for is there. */
  done(key: string): Promise<void>
}

const KIND = 'list-looks'
/** Before the second and third look. */
const WAITS_MS: readonly Millis[] = [4_000, 15_000]

export const createPatience = (documents: Documents, clock: Clock): Patience => ({
  async wait(key, route) {
    const looks = Number((await documents.get(KIND, key)) ?? 0)
    const wait = WAITS_MS[looks]
    if (wait === undefined) return documents.delete(KIND, key)
    await documents.put(KIND, key, String(looks + 1))
    throw new GitHubFault('unavailable', {
      status: 200,
      route,
      retryable: true,
      retryAt: clock.now() + wait,
      ambiguous: false,
      requestId: null,
    })
  },
  async done(key) {
    if ((await documents.get(KIND, key)) !== null) await documents.delete(KIND, key)
  },
})
