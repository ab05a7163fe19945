/** Which comments of a page hold something that nobody has heard: commands without an outcome, and records that are not ours or not as we wrote them. */
import { projectStream, type Millis } from '../../domain/event/envelope.ts'
import { commentCause } from '../../engine/cause.ts'
import type { Engine } from '../../engine/handle-command.ts'
import type { Log } from '../../engine/log.ts'
import type { Clock, Delivery, ScannedComment, ScanPlace } from '../../engine/ports.ts'
import { commandKey, findCommands, type FoundCommand } from '../slash/find-commands.ts'
import { streamAt, taskAt } from '../standing-at.ts'
import { carriesRecord } from '../webhook/handlers/foreign-record.ts'
import { ownCommands } from './own-commands.ts'
import type { AsKnown, ScanFacts } from './ports.ts'
import { scannedDelivery } from './scanned-delivery.ts'

export interface TakeDeps {
  readonly engine: Engine
  readonly facts: ScanFacts
  readonly asKnown: AsKnown
  /** Id of our own App. */
  readonly appId: number
  readonly clock: Clock
  readonly log: Log
}

export const takeComments = async (
  deps: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedComment[],
  since: Millis,
): Promise<readonly Delivery[]> => {
  const others = rows.filter(({ appId }) => appId !== deps.appId)
  const ours = rows.filter(({ appId }) => appId === deps.appId)
  return [
    ...(await commandsIn(deps, place, others, since)),
    ...(await foreignRecords(deps, place, others)),
    ...(await changedRecords(deps, place, ours)),
  ]
}

const commandsIn = async (
  { engine, facts, clock, log }: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedComment[],
  since: Millis,
): Promise<readonly Delivery[]> => {
  const { bare, bots } = (await engine.settingsOf(projectStream(place.repositoryId))).commands
  const causeOf = (nodeId: string, { ordinal, normalised }: FoundCommand): string =>
    commentCause(nodeId, ordinal, engine.sha256(normalised))
  const unheard: { readonly row: ScannedComment; readonly commands: readonly FoundCommand[] }[] = []
  for (const row of rows) {
    if (row.author === null || (row.author.isBot && !bots.includes(row.author.id))) continue
    const commands: FoundCommand[] = []
    for (const found of row.body.includes('/') ? findCommands(row.body, { bare }).commands : [])
      if ((await engine.store.log.findOutcome(causeOf(row.nodeId, found))) === null) commands.push(found)
    if (commands.length > 0) unheard.push({ row, commands })
  }
  if (unheard.length === 0) return []
  const histories = await facts.commentHistories(
    place,
    unheard.map(({ row }) => row.nodeId),
  )
  const found: Delivery[] = []
  for (const { row, commands } of unheard) {
    const { id, nodeId, author, appId, issue } = row
    const history = histories.get(nodeId)
    if (history === undefined || author === null) continue
    const { editedByOther, versions } = history
    const about = { repository: place.repository, issue: issue.number, comment: id }
    if (editedByOther) {
      log.info('a recovered comment is not heard: somebody else edited it last', about)
      continue
    }
    const own = ownCommands(versions, since, { bare })
    const news = commands.filter((one) => own.has(commandKey(one)))
    if (news.length === 0) continue
    log.info('commands recovered that no delivery told', { ...about, commands: news.length })
    const body = versions.at(-1)?.text ?? row.body
    const only = news.map(commandKey)
    const comment = { id, nodeId, body, before: null, only, author, senderId: author.id, appId, issue }
    const identity = engine.sha256(news.map((one) => causeOf(nodeId, one)).join('\n'))
    found.push(
      scannedDelivery(
        'comment',
        { comment },
        { place, issue: issue.number, identity, now: clock.now(), order: 2 * id },
      ),
    )
  }
  return found
}

const foreignRecords = async (
  { engine, clock }: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedComment[],
): Promise<readonly Delivery[]> => {
  const found: Delivery[] = []
  for (const { id, nodeId, body, issue, author } of rows) {
    if (!carriesRecord(body)) continue
    if ((await taskAt(engine.store.projections, place, issue.number)) === null) continue
    const by = { kind: author?.isBot === true ? 'bot' : 'user', id: author?.login ?? 'ghost' } as const
    const record = { id, nodeId, issue: issue.number, by }
    found.push(scannedDelivery('record', record, { place, issue: issue.number, identity: nodeId, now: clock.now() }))
  }
  return found
}

const changedRecords = async (
  { engine, asKnown, clock }: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedComment[],
): Promise<readonly Delivery[]> => {
  const found: Delivery[] = []
  for (const { nodeId, body, issue, updatedAt } of rows) {
    const stream = await streamAt(engine.store.projections, place, issue.number)
    const task = (await engine.store.projections.task(stream))?.task
    if (task === undefined || (await asKnown.comment(stream, { nodeId, body }))) continue
    const touched = { issue: issue.number, title: task.title, open: false }
    const identity = `${nodeId}:${updatedAt}`
    found.push(scannedDelivery('touched', touched, { place, issue: issue.number, identity, now: clock.now() }))
  }
  return found
}
