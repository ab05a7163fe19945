/** Remembers what the newest few states read as: one command asks for the same two of them many times. What is handed out is shared and never changed. */

/** More than agents that write in turns; of long states fewer. */
const MOST = { states: 256, chars: 4_000_000 } as const

export interface ReadOnce<State> {
  readonly read: (text: string) => State
  /** What the text reads as is known already. */
  readonly know: (text: string, state: State) => void
}

export const parseOnce = <State>(parse: (text: string) => State): ReadOnce<State> => {
  /** The newest at the end. */
  const known: { readonly text: string; readonly state: State }[] = []
  let chars = 0
  const know = (text: string, state: State): void => {
    known.push({ text, state })
    chars += text.length
    while (known.length > MOST.states || chars > MOST.chars) chars -= known.shift()?.text.length ?? chars
  }
  return {
    know,
    read: (text) => {
      // Compared, not hashed: long texts are mostly told apart by their length, and the same one is the same object.
      const found = known.findLast((one) => one.text === text)
      if (found !== undefined) return found.state
      const state = parse(text)
      know(text, state)
      return state
    },
  }
}
