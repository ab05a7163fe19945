/** Verdicts of policy remembered per agent and resource: as long as task and configuration stand, the answer does. */
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { Sha256 } from '../domain/event/hash-chain.ts'
import { evaluate, looksAtTime, type PolicyResult } from '../domain/policy/evaluate.ts'

/** The oldest are forgotten beyond this. */
const MAX_REMEMBERED = 2_000

export type EvaluatePolicy = typeof evaluate

/** `resource`: the task and its version, or the project. The digest of the configuration and the facts themselves are added here. */
export type PolicyCache = (resource: string) => EvaluatePolicy

export const createPolicyCache = (sha256: Sha256, evaluateAnew: EvaluatePolicy = evaluate): PolicyCache => {
  const remembered = new Map<string, PolicyResult>()
  return (resource) => (policy, facts) => {
    // What time alone may change is looked at every time.
    if (looksAtTime(policy)) return evaluateAnew(policy, facts)
    const { at: _, ...lasting } = facts
    const key = `${resource}\n${sha256(canonicalJson(policy))}\n${canonicalJson(lasting)}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const result = evaluateAnew(policy, facts)
    remembered.set(key, result)
    const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
    return result
  }
}

const CACHES = new WeakMap<object, PolicyCache>()

/** One cache for each store, so that all who ask share it. */
export const policyCacheOf = ({ store, sha256 }: { readonly store: object; readonly sha256: Sha256 }): PolicyCache => {
  const known = CACHES.get(store)
  if (known !== undefined) return known
  const made = createPolicyCache(sha256)
  CACHES.set(store, made)
  return made
}
