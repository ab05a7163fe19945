/** Holds the claim of a piece of work while it is being done: it runs out only when its holder is dead, frozen or cut off from the store. */
import type { Millis } from '../domain/event/envelope.ts'

/** `renew` says whether the claim still stood. A lost one is not asked for again, and the work goes on: it is fenced where it writes. */
export const keepClaim = async (
  renew: () => Promise<boolean>,
  everyMs: Millis,
  work: () => Promise<void>,
): Promise<void> => {
  const again = async (): Promise<void> => {
    // A store that is away for a moment may be back before the claim has run out.
    if (!(await renew().catch(() => true))) clearInterval(timer)
  }
  const timer = setInterval(() => void again(), everyMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}
