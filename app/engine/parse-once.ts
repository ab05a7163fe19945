/** Remembers what the newest few states read as: one command asks for the same two of them many times. What is handed out is shared and never changed. */

/** More than agents that write in turns; of long states fewer. */
const MOST = { states: 256, chars: 4_000_000 } as const

export interface ReadOnce<State> {
  readonly read: (text: string) => State
  /** What the text reads as is known already. */
  readonly know: (text: string, state: State) => void
}

export const parseOnce = <State>(parse: (text: string) => State): ReadOnce<State> => {
  /** The oldest first. */
  const known = new Map<string, State>()
  let chars = 0
  const forget = (text: string): void => {
    known.delete(text)
    chars -= text.length
  }
  const know = (text: string, state: State): void => {
    if (known.has(text)) forget(text)
    known.set(text, state)
    chars += text.length
    for (const oldest of known.keys()) {
      if (known.size <= MOST.states && chars <= MOST.chars) break
      forget(oldest)
    }
  }
  return {
    know,
    read: (text) => {
      const found = known.get(text)
      if (found !== undefined) return found
      const state = parse(text)
      know(text, state)
      return state
    },
  }
}
