/**
 * One-hour installation tokens, each asked for once and kept until shortly before its end. Our own cache rather than
 * auth-app's: it keeps to our clock, goes through the same counting, and never sleeps inside a request.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock } from '../../../engine/ports.ts'

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Millis
}

export interface InstallationTokens {
  get(installationId: number): Promise<string>
  /** Forgets a token that GitHub no longer takes. */
  drop(installationId: number, token: string): void
}

/** A token is not used in its last minutes: a request may wait for its place. */
const MARGIN_MS: Millis = 3 * 60_000

export const createInstallationTokens = (
  clock: Clock,
  issue: (installationId: number) => Promise<IssuedToken>,
): InstallationTokens => {
  const held = new Map<number, IssuedToken>()
  const asked = new Map<number, Promise<IssuedToken>>()
  return {
    async get(installationId) {
      const known = held.get(installationId)
      if (known !== undefined && known.expiresAt - MARGIN_MS > clock.now()) return known.token
      let pending = asked.get(installationId)
      if (pending === undefined) {
        pending = issue(installationId).finally(() => asked.delete(installationId))
        asked.set(installationId, pending)
      }
      const issued = await pending
      held.set(installationId, issued)
      return issued.token
    },
    drop(installationId, token) {
      if (held.get(installationId)?.token === token) held.delete(installationId)
    },
  }
}
