/**
 * Holds the sandbox's own answers and payloads to GitHub's description. What departs is not hidden and not repaired: it is
 * recorded, and every test and the demo fail on it.
 */
import { ALLOWED, type Allowed } from './allowed.ts'
import { describedOperation, describesPayload, type Mismatch, mismatches } from './github-description.ts'

/** One line for each departure, e.g. `issues/get 200 /labels/0/color must be string`. */
export function violationsOfAnswer(operationId: string, status: number, body: unknown): readonly string[] {
  const operation = describedOperation(operationId)
  if (!operation) return [`${operationId} is not in the generated description; run npm run gen:github-description`]
  const key = String(status)
  if (!(key in operation.responses)) return [`${operationId} answers ${status}, which GitHub does not describe`]
  if (operation.responses[key] === null)
    return body === undefined ? [] : [`${operationId} ${status} has a body, GitHub describes none`]
  const found = mismatches(['operations', operationId, 'responses', key], body)
  return found.filter((one) => !allowed(operationId, one)).map((one) => `${operationId} ${status} ${one.message}`)
}

/** The same for a webhook payload. */
export function violationsOfPayload(event: string, action: string | null, body: unknown): readonly string[] {
  const name = payloadName(event, action)
  if (!describesPayload(name)) return [`${name} is not a payload that GitHub describes`]
  return mismatches(['payloads', name], body)
    .filter((one) => !allowed(name, one))
    .map((one) => `${name} ${one.message}`)
}

function payloadName(event: string, action: string | null): string {
  // The action of a repository_dispatch is the caller's own word.
  const word = event === 'repository_dispatch' ? 'sample' : action
  return ['webhook', event, ...(word === null ? [] : [word])].join('-').replaceAll('_', '-')
}

function allowed(where: string, mismatch: Mismatch): boolean {
  return ALLOWED.some((one: Allowed) => one.where.test(where) && one.at.test(mismatch.at))
}
