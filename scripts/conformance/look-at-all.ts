/** Looks at one assumption after another. One that cannot be looked at is no difference, and is told. */
import { isDeepStrictEqual } from 'node:util'
import type { Assumption } from './assumption.ts'
import type { Place } from './place.ts'

export type Finding = { readonly id: string; readonly is: string } & (
  | { readonly outcome: 'holds' }
  | { readonly outcome: 'differs'; readonly expected: unknown; readonly seen: unknown }
  | { readonly outcome: 'unknown'; readonly why: string }
)

export const lookAtAll = async (
  assumptions: readonly Assumption[],
  place: Place,
  tell: (finding: Finding) => void,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  try {
    for (const assumption of assumptions) {
      const finding = await lookAt(assumption, place)
      findings.push(finding)
      tell(finding)
    }
  } finally {
    await place.tidy()
  }
  return findings
}

const lookAt = async ({ id, is, look, expected }: Assumption, place: Place): Promise<Finding> => {
  try {
    const seen = await look(place)
    return isDeepStrictEqual(seen, expected)
      ? { id, is, outcome: 'holds' }
      : { id, is, outcome: 'differs', expected, seen }
  } catch (error) {
    return { id, is, outcome: 'unknown', why: error instanceof Error ? error.message : String(error) }
  }
}
