/** What a scan reads of GitHub: the lists, the facts behind their rows, and what we know already. */
import type { Documents } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'
import { createAsKnown } from './as-known.ts'
import { createHistories } from './histories.ts'
import { createLastActor } from './last-actor.ts'
import { createScanSource } from './scan-source.ts'

export const createScan = (github: GitHub, documents: Documents) => ({
  source: createScanSource(github),
  facts: { ...createHistories(github), lastActor: createLastActor(github) },
  asKnown: createAsKnown(documents),
})
