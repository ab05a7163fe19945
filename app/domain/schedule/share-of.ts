/** Where a task falls for an agent on a scale from 0 to 1: the same every time, spread evenly, and differently for each agent. */
import type { StreamId } from '../event/envelope.ts'

/** FNV-1a over UTF-16 code units, with its bits mixed at the end: names that count up would lie close together otherwise. */
export const shareOf = (agent: string, task: StreamId): number => {
  const text = `${agent} ${task}`
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
