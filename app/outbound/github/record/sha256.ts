/** SHA-256 of UTF-8 text, as the hash chain and the codec want it. */
import { createHash } from 'node:crypto'
import type { Sha256 } from '../../../domain/event/hash-chain.ts'

export const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex')
