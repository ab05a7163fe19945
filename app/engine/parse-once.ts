/** Remembers what the newest few states were parsed to: one command asks for the same two of them many times. What is handed out is shared and never changed. */

/** More than commands that are decided at the same time have between them. */
const REMEMBERED = 64

export const parseOnce = <State>(parse: (state: string) => State): ((state: string) => State) => {
  const known: { readonly state: string; readonly parsed: State }[] = []
  let next = 0
  return (state) => {
    // Compared, not hashed: long texts are mostly told apart by their length, and the same one is the same object.
    for (let back = 1; back <= known.length; back += 1) {
      const one = known[(next - back + REMEMBERED) % REMEMBERED]
      if (one?.state === state) return one.parsed
    }
    const parsed = parse(state)
    known[next] = { state, parsed }
    next = (next + 1) % REMEMBERED
    return parsed
  }
}
