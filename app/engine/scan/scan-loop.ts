/**
 * When repositories are scanned for what no delivery told: after every start, after a known outage, and now and then. Bounded
 * per turn, one repository after the other; what GitHub's limits or its absence keep from being read is read later. Finds
 * nothing itself: see scan-step.ts.
 */
import type { Millis } from '../../domain/event/envelope.ts'
import { isOutside, retryAtOf, summarise } from '../fault.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { Clock, ScanPlace } from '../ports.ts'
import { beginMark, isDue, parseMark, SCAN_MARK, textOfMark } from './scan-mark.ts'
import { scanStep, type ScanStepDeps } from './scan-step.ts'

/** Two requests for a quiet repository, which GitHub does not count. */
const EVERY_MS: Millis = 30 * 60_000
/** Pages of one repository before the others have their turn. */
const PAGES_A_TURN = 10
/** With so many deliveries waiting, there is enough to do. */
const MOST_WAITING = 500
/** How often it is looked whether a repository has come or a round is due. */
const LOOK_MS: Millis = 10_000
/** While recovered comments are worked on, and after a fault that names no time. */
const SOON_MS: Millis = 500
const AFTER_FAULT_MS: Millis = 60_000
/** A process that slept so long was away: whatever was sent meanwhile failed. */
const ASLEEP_MS: Millis = 10 * 60_000
/** After a shorter absence GitHub still has every delivery, also those of repositories without a project. */
const OTHERS_AFTER_MS: Millis = 3_600_000
/** Since when repositories without a project are still to be looked at. */
const OUTAGE = ['scan outage', 'since'] as const

export interface ScanLoopDeps extends ScanStepDeps {
  /** Repositories with a project. */
  readonly projects: () => Promise<readonly ScanPlace[]>
  readonly clock: Clock
  readonly log: Log
  /** Half an hour unless given. */
  readonly everyMs: Millis | undefined
}

export interface ScanLoop extends Loop {
  /**
   * Before anything counts as heard: `lastAlive` of the earlier life, null when there was none. `lost`: from when on these
   * repositories have to be read because a database was lost. Durable.
   */
  open(
    lastAlive: Millis | null,
    lost: { readonly since: Millis; readonly repositoryIds: readonly number[] } | null,
  ): Promise<void>
  /** Deliveries were missed: a round is due now. What GitHub could not deliver once it may not deliver when it is asked. */
  outage(): void
}

export const createScanLoop = (deps: ScanLoopDeps): ScanLoop => {
  const { source, inbox, documents, projects, clock, log, everyMs = EVERY_MS } = deps
  let outageAt: Millis = clock.now()
  let lookAt: Millis = 0
  let lastTurn: Millis = clock.now()
  /** By repository: not before then. */
  const notBefore = new Map<string, Millis>()

  const keyOf = ({ repositoryId }: ScanPlace): string => String(repositoryId)

  /** Every project has a mark, at the place where it is now reached. */
  const mark = async (since: (place: ScanPlace) => Millis, checkedAt: Millis | null): Promise<ReadonlySet<string>> => {
    const known = new Map((await documents.list(SCAN_MARK)).map(({ key, value }) => [key, value]))
    const places = await projects()
    for (const place of places) {
      const text = known.get(keyOf(place))
      if (text === undefined)
        await documents.replace(SCAN_MARK, keyOf(place), null, textOfMark(beginMark(place, since(place), checkedAt)))
      else if (JSON.stringify(parseMark(text).place) !== JSON.stringify(place))
        await documents.replace(SCAN_MARK, keyOf(place), text, textOfMark({ ...parseMark(text), place }))
    }
    return new Set(places.map(keyOf))
  }

  /** The first word of a repository may be among what was missed: those without a project are read once after an outage. */
  const markOthers = async (): Promise<void> => {
    const since = await documents.get(...OUTAGE)
    if (since === null) return
    for (const place of await source.installed())
      await documents.replace(SCAN_MARK, keyOf(place), null, textOfMark(beginMark(place, Number(since), null)))
    await documents.replace(...OUTAGE, since, null)
  }

  /** Whether there is more to read at once. */
  const turn = async (key: string, isProject: boolean): Promise<boolean> => {
    for (let pages = 0; pages < PAGES_A_TURN; pages += 1) {
      const text = await documents.get(SCAN_MARK, key)
      const now = clock.now()
      if (text === null || !isDue(parseMark(text), now, everyMs, outageAt)) return false
      const stepped = await scanStep(deps, key, text, now)
      if (stepped === 'waiting') notBefore.set(key, now + SOON_MS)
      if (stepped === 'done' && !isProject) await documents.delete(SCAN_MARK, key)
      if (stepped !== 'more') return false
    }
    return true
  }

  const guarded = async (key: string, work: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await work()
    } catch (error) {
      const at = retryAtOf(error) ?? clock.now() + (isShut(error) ? everyMs : AFTER_FAULT_MS)
      notBefore.set(key, at)
      const fields = { repository: key, reason: summarise(error), at }
      if (isOutside(error) || isShut(error)) log.warn('a scan waits', fields)
      else log.error('a scan failed and is tried again', fields)
      return false
    }
  }

  const mayRead = (key: string): boolean => (notBefore.get(key) ?? 0) <= clock.now()

  const round = async (): Promise<boolean> => {
    const now = clock.now()
    if (now - lastTurn > ASLEEP_MS) outageAt = now
    lastTurn = now
    const waits = [...notBefore.values()].some((at) => at <= now)
    if (now < lookAt && !waits) return false
    if ((await inbox.pending()) > MOST_WAITING) return false
    const others = 'installed'
    if (mayRead(others)) {
      notBefore.delete(others)
      await guarded(others, async () => {
        await markOthers()
        return false
      })
    }
    const withProject = await mark(() => now, now)
    let more = false
    for (const { key } of await documents.list(SCAN_MARK)) {
      if (!mayRead(key)) continue
      notBefore.delete(key)
      if (await guarded(key, () => turn(key, withProject.has(key)))) more = true
    }
    lookAt = more ? 0 : clock.now() + LOOK_MS
    return more
  }

  const loop = createLoop({ name: 'scan', log, idleMs: SOON_MS, round })
  return {
    ...loop,
    async open(lastAlive, lost) {
      outageAt = clock.now()
      const isLost = ({ repositoryId }: ScanPlace): boolean => lost?.repositoryIds.includes(repositoryId) ?? false
      await mark((place) => (isLost(place) ? lost?.since : lastAlive) ?? outageAt, null)
      if (lastAlive === null || outageAt - lastAlive < OTHERS_AFTER_MS) return
      if ((await documents.get(...OUTAGE)) === null) await documents.put(...OUTAGE, String(lastAlive))
    },
    outage() {
      outageAt = clock.now()
      lookAt = 0
      loop.wake()
    },
  }
}

/** Gone, or not ours to read any more: asked again as seldom as if it were quiet. */
const isShut = (error: unknown): boolean => error instanceof Error && 'code' in error && SHUT.has(error.code)

const SHUT: ReadonlySet<unknown> = new Set(['not-found', 'forbidden', 'unauthorized'])
