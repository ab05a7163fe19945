/** Joins calls that arrive together into one, so that they share one transaction and one sync of the disk. */

/**
 * `commit` gets all inputs of the group and answers with one output per input. While one group is being committed the
 * next one gathers. When a group fails for a reason that a repetition would not cure, each input is tried alone, so that
 * a bad one does not take its neighbours with it.
 */
export const createGroupCommit = <Input, Output>(
  commit: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  isWorthSplitting: (error: unknown) => boolean,
): ((input: Input) => Promise<Output>) => {
  interface Waiting {
    readonly input: Input
    readonly resolve: (output: Output) => void
    readonly reject: (error: unknown) => void
  }
  let gathering: Waiting[] = []
  let committing = false

  const commitTogether = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const outputs = await commit(group.map((waiting) => waiting.input))
      // One output per input is the contract of `commit`.
      for (const [at, waiting] of group.entries()) waiting.resolve(outputs[at] as Output)
    } catch (error) {
      if (group.length > 1 && isWorthSplitting(error)) for (const waiting of group) await commitTogether([waiting])
      else for (const waiting of group) waiting.reject(error)
    }
  }
  const run = async (): Promise<void> => {
    while (gathering.length > 0) {
      const group = gathering
      gathering = []
      await commitTogether(group)
    }
    committing = false
  }
  return (input) =>
    new Promise<Output>((resolve, reject) => {
      gathering.push({ input, resolve, reject })
      if (committing) return
      committing = true
      // After the callbacks of this tick, so that requests that arrived together are together.
      setImmediate(() => void run())
    })
}
