/**
 * Which commands of a recovered comment are its author's and news. The rule: a command that stands in the comment now is run
 * when the version that brought it was the author's, and was written since the last finished scan. So an edit runs only what
 * it added, also when nobody saw the version before it; what somebody else put in is nobody's word, though the author edits
 * the comment afterwards; and what was taken out again before anybody read it is not run. Pure.
 */
import type { Millis } from '../../domain/event/envelope.ts'
import { commandKey, findCommands } from '../slash/find-commands.ts'
import type { LineOptions } from '../slash/parse-command-line.ts'
import type { TextVersion } from './ports.ts'

/** Keys of commands, see commandKey. `versions` oldest first; of an unreadable one it is assumed that it held everything. */
export const ownCommands = (
  versions: readonly TextVersion[],
  since: Millis,
  options: LineOptions,
): ReadonlySet<string> => {
  const own = new Set<string>()
  let before: ReadonlySet<string> | 'anything' = new Set()
  for (const { at, text, byAuthor } of versions) {
    if (text === null) {
      before = 'anything'
      continue
    }
    const keys = new Set(findCommands(text, options).commands.map(commandKey))
    for (const key of own) if (!keys.has(key)) own.delete(key)
    for (const key of keys) {
      if (before === 'anything' || before.has(key)) continue
      if (byAuthor && at >= since) own.add(key)
      else own.delete(key)
    }
    before = keys
  }
  return own
}
