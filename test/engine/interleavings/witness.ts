/**
 * Watches the log, commit by commit, and keeps its own view of leases, fences, kills and money: nothing is taken from the
 * states that the product keeps. Numbers in comments are those of the invariants of the design.
 */
import { expect } from 'vitest'
import type { Actor } from '../../../app/domain/actor.ts'
import type { Millis, StoredEvent, StreamId } from '../../../app/domain/event/envelope.ts'
import type { Kill } from '../../../app/domain/project/kill.ts'
import type { ProjectEventData } from '../../../app/domain/project/project.ts'
import type { TaskEventData, TaskEventType } from '../../../app/domain/task/events.ts'
import type { Fence } from '../../../app/domain/task/state.ts'
import { addUp, BOTH, countsIn, NONE, type Both, type Grant } from './account-of.ts'
import type { Commit } from './turns.ts'
import { AGENTS, homeOf, PROJECTS, SETTINGS } from './workspace.ts'

/** What a cause had asked for, as far as fences are concerned. */
export interface Wish {
  readonly actor: Actor
  readonly fence: Fence | null
  /** Only whoever holds the lease may. */
  readonly isHolders: boolean
  readonly isReport: boolean
}

interface Known {
  readonly grants: Grant[]
  live: Grant | null
  deadline: Millis
  budget: { readonly microUsd: number | null; readonly tokens: number | null } | null
}

const isBefore = (a: Fence, b: Fence): boolean => a.epoch < b.epoch || (a.epoch === b.epoch && a.n < b.n)
const same = (a: Fence, b: Fence): boolean => a.epoch === b.epoch && a.n === b.n

const OPENING: ReadonlySet<string> = new Set(['task-created', 'project-opened'])

export class Witness {
  readonly tasks = new Map<StreamId, Known>()
  readonly epochs = new Map<StreamId, number>(PROJECTS.map((project) => [project, 1]))
  readonly kills = new Map<StreamId, readonly Pick<Kill, 'scope' | 'agent'>[]>()
  readonly wishes = new Map<string, Wish>()
  /** Stream and version that each cause ended at. */
  readonly done = new Map<string, Readonly<Record<string, number>>>()
  readonly seen = new Map<string, number>()

  of(stream: StreamId): Known {
    const known = this.tasks.get(stream) ?? { grants: [], live: null, deadline: 0, budget: null }
    this.tasks.set(stream, known)
    return known
  }

  get grants(): readonly Grant[] {
    return [...this.tasks.values()].flatMap(({ grants }) => grants)
  }

  commit({ cause, events }: Commit): void {
    // 1: a cause is carried out once.
    expect(this.done.has(cause), `${cause} once`).toBe(false)
    this.done.set(cause, Object.fromEntries(events.map(({ stream, version }) => [stream, version])))
    const [first] = events
    if (first === undefined) return
    if (first.stream.startsWith('task/')) this.#mayWrite(first.stream, cause, events)
    this.#keepsHolder(first.stream, events)
    for (const event of events) {
      this.#saw(event.type)
      if (event.stream.startsWith('project/')) this.#project(event)
      else this.#task(event, this.wishes.get(cause)?.isReport === true)
    }
    if (!first.stream.startsWith('task/')) return
    this.#settledInTime(first.stream, first.at)
    if (events.some(({ type }) => type === 'lease-granted')) this.#keepsLimits(first.stream)
  }

  #saw(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
  }

  /** 2: a write with a stale fence, or by somebody who holds nothing, changes nothing. */
  #mayWrite(stream: StreamId, cause: string, [first]: readonly StoredEvent[]): void {
    if (first === undefined || OPENING.has(first.type)) return
    const { live } = this.of(stream)
    const beats = cause.startsWith('beat:')
    const wish = this.wishes.get(cause)
    if (!beats && wish?.isHolders !== true) return
    expect(live?.holder, `${cause} is the holder’s`).toBe(first.actor.id)
    const fence = beats ? live?.fence : (wish?.fence ?? (first.actor.kind === 'user' ? live?.fence : null))
    expect(fence, `${cause} under the live fence`).toEqual(live?.fence)
    // A person need not name one; agents and bots must.
    const isNamed = wish?.fence !== null && first.actor.kind !== 'user'
    if (isNamed) expect(fence?.epoch, `${cause} of this epoch`).toBe(this.epochs.get(homeOf(stream)))
  }

  /** 2: a claim ends no lease that stands, except the holder’s own of an older epoch, or one that is taken over. */
  #keepsHolder(stream: StreamId, events: readonly StoredEvent[]): void {
    const granted = events.find(({ type }) => type === 'lease-granted')
    const { live } = this.of(stream)
    if (granted === undefined || live === null || events.some(({ type }) => type === 'lease-expired')) return
    expect(live.fence.epoch).toBeLessThan(this.epochs.get(homeOf(stream)) ?? 1)
    expect(granted.actor.id).toBe(live.holder)
  }

  #project({ stream, type, data }: StoredEvent): void {
    const targets = this.kills.get(stream) ?? []
    const isSame = (a: Pick<Kill, 'scope' | 'agent'>, b: Pick<Kill, 'scope' | 'agent'>): boolean =>
      a.scope === b.scope && a.agent?.toLowerCase() === b.agent?.toLowerCase()
    if (type === 'killed') {
      const kill = data as ProjectEventData['killed']
      this.kills.set(stream, [...targets.filter((one) => !isSame(one, kill)), kill])
    } else if (type === 'kill-lifted') {
      const lifted = data as ProjectEventData['kill-lifted']
      expect(targets.some((one) => isSame(one, lifted))).toBe(true)
      this.kills.set(
        stream,
        targets.filter((one) => !isSame(one, lifted)),
      )
    } else if (type === 'epoch-raised') {
      const { epoch } = data as ProjectEventData['epoch-raised']
      // 2: epochs only rise.
      expect(epoch).toBeGreaterThan(this.epochs.get(stream) ?? 1)
      this.epochs.set(stream, epoch)
    }
  }

  #task(event: StoredEvent, isReport: boolean): void {
    const known = this.of(event.stream)
    const is = <T extends TaskEventType>(type: T): TaskEventData[T] | null =>
      event.type === type ? (event.data as TaskEventData[T]) : null
    const granted = is('lease-granted')
    if (granted !== null) return this.#grant(event, known, granted)
    const updated = is('task-updated')?.changes.budget
    if (updated !== undefined) known.budget = updated
    const extended = is('lease-extended')
    if (extended !== null && known.live !== null) {
      known.deadline = extended.expiresAt
      known.live.ttlMs = extended.ttlMs
    }

    const expired = is('lease-expired')
    if (expired !== null) this.#ranOut(event, known, expired.takenBy !== undefined)
    if (is('lease-released')?.reason.startsWith('its room') === true) this.#saw('room made')
    const data = event.data as { readonly attempt?: number; readonly fence?: Fence }
    const attempt = known.grants.find((grant) => grant.attempt === data.attempt)
    if (data.fence !== undefined) {
      // 2: what carries a fence carries the live one; CI may also overrule what calls itself done.
      const overrules = isReport && event.type === 'attempt-failed' && attempt?.ended?.by === 'attempt-succeeded'
      const stands = overrules && known.live === null && known.grants.at(-1) === attempt ? attempt : known.live
      expect(stands !== null && same(stands.fence, data.fence), `${event.type} under the live fence`).toBe(true)
    }
    if (attempt === undefined) return
    if (event.type === 'attempt-started') attempt.started = true
    const bill = is('attempt-measured')
    if (bill !== null) attempt.bills.push(bill.measures)
    if (ENDS.has(event.type)) {
      attempt.ended = { at: attempt.ended?.at ?? event.at, by: event.type, bills: attempt.bills.length }
      if (known.live === attempt) known.live = null
    }
    const settled = is('budget-settled')
    if (settled !== null) {
      // 7: once, and only when the attempt is over.
      expect(attempt.settled, `${event.stream} #${attempt.attempt} is settled once`).toBeNull()
      expect(attempt.ended).not.toBeNull()
      // 7: what ran out is held until somebody reports, or for the stated time.
      const isHeld = attempt.ended?.by === 'lease-expired' && attempt.bills.length === attempt.ended.bills
      if (isHeld) expect(event.at - (attempt.ended?.at ?? 0)).toBeGreaterThanOrEqual(attempt.reservation.holdMs)
    }
    const costs = (settled ?? is('budget-corrected'))?.costs
    if (costs !== undefined) {
      if (settled === null) expect(attempt.settled).not.toBeNull()
      for (const unit of BOTH) this.#believed(attempt, unit, costs[unit])
      attempt.settled = { microUsd: costs.microUsd.amount, tokens: costs.tokens.amount }
    }
    const overrun = is('budget-overrun')
    if (overrun !== null) attempt.above = { ...overrun.above }
  }

  /** 2: only a lease whose time is up, or that is taken from somebody who was silent for as long as the project says. */
  #ranOut({ stream, at }: StoredEvent, { live, deadline }: Known, isTaken: boolean): void {
    if (!isTaken) return expect(deadline, `${stream} ran out`).toBeLessThanOrEqual(at)
    this.#saw('stolen')
    const { stealAfter = Infinity } = SETTINGS[homeOf(stream)]?.lease ?? {}
    const ttlMs = live?.ttlMs ?? 0
    expect(at - (deadline - ttlMs), `${stream} was silent`).toBeGreaterThanOrEqual(stealAfter * ttlMs)
  }

  #grant(
    { stream, at, actor }: StoredEvent,
    known: Known,
    { lease, reservation }: TaskEventData['lease-granted'],
  ): void {
    const home = homeOf(stream)
    // 2: one live lease, and fences that strictly rise, in the project's epoch.
    expect(known.live, `${stream} has one lease`).toBeNull()
    const last = known.grants.at(-1)
    if (last !== undefined) {
      expect(isBefore(last.fence, lease.fence)).toBe(true)
      expect(lease.fence.n).toBeGreaterThan(last.fence.n)
    }
    expect(lease.fence.epoch).toBe(this.epochs.get(home))
    // Kills: of the workspace, of the project, of the agent or of whoever asks in its name.
    const covering = (this.kills.get(home) ?? []).filter(
      ({ scope, agent }) =>
        scope !== 'agent' || [lease.owner, actor.id].some((name) => name.toLowerCase() === agent?.toLowerCase()),
    )
    expect(covering, `${stream} claimed by ${lease.owner} while killed`).toEqual([])
    if (reservation === undefined) throw new Error(`${stream} was granted without a reservation`)
    known.live = {
      stream,
      attempt: lease.attempt,
      owner: lease.owner,
      holder: actor.id,
      fence: lease.fence,
      ttlMs: lease.ttlMs,
      at,
      reservation,
      ended: null,
      started: false,
      settled: null,
      above: NONE,
      bills: [],
    }
    known.grants.push(known.live)
    known.deadline = lease.expiresAt
    this.#keepsWip(home, lease.owner)
  }

  #keepsWip(home: StreamId, owner: string): void {
    const wip = SETTINGS[home]?.wip
    const live = this.grants.filter(({ ended }) => ended === null)
    const here = live.filter(({ stream }) => homeOf(stream) === home)
    expect(live.length).toBeLessThanOrEqual(wip?.workspace ?? Infinity)
    expect(here.length).toBeLessThanOrEqual(wip?.project ?? Infinity)
    if (!AGENTS.some((agent) => agent === owner)) return
    expect(here.filter((one) => one.owner === owner).length).toBeLessThanOrEqual(wip?.agent ?? Infinity)
  }

  /** 7: at the moment of a grant no sum that it counts in is above its limit. */
  #keepsLimits(stream: StreamId): void {
    const known = this.of(stream)
    const grant = known.grants.at(-1)
    if (grant === undefined) return
    const sums = addUp(this.grants)
    for (const [key, limit] of countsIn(grant, known.budget)) {
      const { reserved, spent } = sums.get(key) ?? { reserved: NONE, spent: NONE }
      for (const unit of BOTH) {
        const most = limit[unit]
        if (most === null) continue
        expect(reserved[unit] + spent[unit], `${unit} of ${key} after a grant`).toBeLessThanOrEqual(most)
        expect(grant.reservation[unit], `${unit} set aside under a limit of ${key}`).toBeGreaterThan(0)
      }
    }
  }

  /** 7: a figure that somebody named, or what was set aside; nothing only for what was given back before it began. */
  #believed(
    { reservation, bills, started, at, ended }: Grant,
    unit: keyof Both,
    { amount, basis }: TaskEventData['budget-settled']['costs']['microUsd'],
  ): void {
    const length = (ended?.at ?? Infinity) - at
    if (basis === 'reported') {
      expect(bills.map((bill) => (unit === 'tokens' ? bill.tokens?.total : bill.costMicroUsd))).toContain(amount)
      if (amount === 0) expect(length).toBeLessThan(60_000)
    } else if (basis === 'reservation') expect(amount).toBe(reservation[unit])
    else if (basis === 'unused') expect([amount, started, length < 60_000]).toEqual([0, false, true])
    else if (basis === 'unknown') expect([amount, reservation[unit]]).toEqual([0, null])
    else expect(basis).toBe('priced')
  }

  /** 7: after each commit. What is over is settled, or held because its lease ran out; what is above its reservation is on the ledger. */
  #settledInTime(stream: StreamId, now: Millis): void {
    for (const { attempt, ended, settled, reservation, bills, above, at } of this.of(stream).grants) {
      const name = `${stream} #${attempt}`
      if (ended === null) expect(settled, `${name} is not settled while it lives`).toBeNull()
      else if (ended.by !== 'lease-expired') expect(settled, `${name} is settled with its end`).not.toBeNull()
      else if (settled === null) expect(now - ended.at, `${name} is held for so long`).toBeLessThan(reservation.holdMs)
      for (const unit of BOTH) {
        const reserved = reservation[unit]
        if (reserved === null) continue
        const said = bills.findLast((bill) => (unit === 'tokens' ? bill.tokens : bill.costMicroUsd) !== null)
        const seen = (unit === 'tokens' ? said?.tokens?.total : said?.costMicroUsd) ?? 0
        const cost = settled?.[unit] ?? seen
        expect(above[unit], `${name} cost ${cost} for ${reserved}, since ${at}`).toBeGreaterThanOrEqual(cost - reserved)
      }
    }
  }

  /** Leases whose time is up by now. */
  over(now: Millis): readonly StreamId[] {
    return [...this.tasks].flatMap(([stream, { live, deadline }]) => (live !== null && deadline <= now ? [stream] : []))
  }

  /** A heartbeat that was answered with yes moves the deadline, which no event tells; `live`: the lease when it began. */
  renewed(stream: StreamId, until: Millis, live: Grant | null): void {
    const known = this.of(stream)
    // A newer lease was granted at the same moment, and its deadline is as new.
    if (known.live === live) known.deadline = until
  }
}

const ENDS: ReadonlySet<string> = new Set<TaskEventType>([
  'attempt-succeeded',
  'attempt-failed',
  'attempt-canceled',
  'lease-released',
  'lease-expired',
])
