/** `npm run verify`: recomputes every chain and every state of the log, and says where they do not hold, and what is set apart on GitHub. Changes nothing, and asks nobody. */
import { firstBrokenLink, GENESIS_HASH, type Sha256 } from '../../domain/event/hash-chain.ts'
import type { StreamId } from '../../domain/event/envelope.ts'
import type { Documents, EventLog, Fold } from '../../engine/ports.ts'
import { readSetApart, SET_APART, type SetApart } from '../../../schemas/set-apart.ts'
import { counted, type CliResult } from './result.ts'

export interface VerifyDeps {
  readonly log: EventLog
  readonly fold: Fold
  readonly sha256: Sha256
  readonly documents: Pick<Documents, 'list'>
}

interface Finding {
  readonly stream: StreamId
  readonly problem: 'broken-chain' | 'wrong-head' | 'wrong-state'
  /** The first version that does not hold. */
  readonly version: number
}

const NEXT: Record<Finding['problem'], string> = {
  'broken-chain': 'events were changed behind our back: put a backup in place or restore from GitHub',
  'wrong-head': 'run npm run rebuild',
  'wrong-state': 'run npm run rebuild',
}

export const verifyCommand = async (deps: VerifyDeps): Promise<CliResult> => {
  const streams = await deps.log.streams()
  const findings: Finding[] = []
  for (const stream of streams) {
    const finding = await verifyStream(stream, deps)
    if (finding !== null) findings.push(finding)
  }
  const apart = readSetApart(await deps.documents.list(SET_APART))
  return {
    exitCode: findings.length + apart.length === 0 ? 0 : 1,
    lines: [
      `${counted(streams.length, 'stream')} looked at, ${findings.length} not right.`,
      ...findings.map(
        ({ stream, problem, version }) => `  ${stream} at version ${version}: ${problem}; next: ${NEXT[problem]}`,
      ),
      ...(apart.length === 0
        ? []
        : [
            `Set apart: ${counted(apart.length, 'stream')}; nothing is written there on GitHub until a person decides.`,
          ]),
      ...apart.flatMap(tellApart),
    ],
    json: { streams: streams.length, findings, set_apart: apart },
  }
}

const tellApart = ({ stream, issue, problem, detail, next, since }: SetApart): readonly string[] => [
  `  ${stream}${issue === null ? '' : ` (issue #${issue})`} since ${new Date(since).toISOString()}: ${problem}: ${detail}`,
  `    next: ${next}`,
]

const verifyStream = async (
  stream: StreamId,
  { log, fold, sha256 }: Omit<VerifyDeps, 'documents'>,
): Promise<Finding | null> => {
  const base = await log.base(stream)
  const loaded = await log.load(stream)
  const from = base === null ? { version: 0, hash: GENESIS_HASH } : { version: base.version, hash: base.head }
  // What came after the load belongs to the next look.
  const events = (await log.read(stream, from.version)).filter(({ version }) => version <= loaded.version)
  const broken = firstBrokenLink(sha256, from, events)
  if (broken !== null) return { stream, problem: 'broken-chain', version: broken }
  const last = events.at(-1) ?? from
  if (last.version !== loaded.version || last.hash !== loaded.head) {
    return { stream, problem: 'wrong-head', version: loaded.version }
  }
  const { state } = fold(stream, base?.state ?? null, events)
  return state === loaded.state ? null : { stream, problem: 'wrong-state', version: loaded.version }
}
