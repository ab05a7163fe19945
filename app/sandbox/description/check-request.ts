/** Holds requests to GitHub's description: strictly, with a 422 that names the field in GitHub's words. */
import { GitHubError } from '../http/errors.ts'
import { describedOperation, type Mismatch, mismatches } from './github-description.ts'

/** Throws GitHub's 422 for a body that the operation does not take. Fields that it does not know are unknown-fields.ts. */
export function checkRequest(operationId: string, body: unknown): void {
  const schema = describedOperation(operationId)?.body
  if (!schema) return
  const [first] = mismatches(['operations', operationId, 'body'], body)
  if (first) throw invalid(fieldOf(first), wordsFor(first))
}

/** Whether the description gives the operation this query parameter. */
export function describesQuery(operationId: string, name: string): boolean {
  const operation = describedOperation(operationId)
  return operation === undefined || name in operation.query
}

function invalid(field: string, message: string): GitHubError {
  const error = { resource: 'Request', field, code: 'invalid', message } as const
  return new GitHubError(422, `Invalid request.\n\n${message}`, [error])
}

function fieldOf(one: Mismatch): string {
  const missing = one.params['missingProperty']
  return one.at.slice(1).split('/')[0] || (typeof missing === 'string' ? missing : '')
}

/** GitHub's sentences for the mismatches that clients meet most; others keep the validator's words. */
function wordsFor(one: Mismatch): string {
  const { keyword, params, value, at } = one
  const shown = JSON.stringify(value)?.slice(0, 100)
  const field = at.slice(1).replaceAll('/', '/properties/')
  if (keyword === 'required') return `"${String(params['missingProperty'])}" wasn't supplied.`
  if (keyword === 'type') return `For 'properties/${field}', ${shown} is not ${articled(String(params['type']))}.`
  if (keyword === 'enum') return `${shown} is not a member of ${JSON.stringify(params['allowedValues'])}.`
  if (keyword === 'maxItems' && Array.isArray(value))
    return `No more than ${String(params['limit'])} items are allowed; ${value.length} were supplied.`
  if (keyword === 'maxLength') return `Only ${String(params['limit'])} characters are allowed in '${at.slice(1)}'.`
  return one.message.trim()
}

function articled(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}
