/** The default of every exhaustive switch: does not compile when a case was forgotten, throws if data lied about its type. */
export const assertNever = (value: never): never => {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
