/** HTTP statuses in error texts. A bare number is none: line numbers, token counts and echoed prompts hold those too. */
import { kind, type Kind } from './verdict.ts'

/** Each has the status as its first group, next to a word or a mark that makes it one. */
const SHAPES: readonly RegExp[] = [
  /\b(?:http|api error|capi ?error|error code|status ?code|got status|response status|last status|unexpected status(?: code)?|request failed(?: with status(?: code)?)?|returned(?: status| error)?)["']? ?[:=(]? ?["']?(?:http ?(?:\/[\d.]+ )?)?([1-5]\d\d)\b/i,
  /["'](?:code|status|status_?code|http_?status)["'] ?: ?"?([1-5]\d\d)\b/i,
  /\b(?:rejected|failed|error|refused) ?\(([1-5]\d\d)\)/i,
  /(?:^|error: ?|exception: ?|- )([45]\d\d) (?=\{|[A-Z"'(])/,
  /(?:^|: )([45]\d\d) status code \(no body\)/i,
  /\bstatus[:=]? ([45]\d\d)\b/i,
]

/** The last real status in the text, or null. */
export const findHttpStatus = (text: string): { readonly status: number; readonly at: number } | null => {
  for (const shape of SHAPES) {
    const found = shape.exec(text)
    if (found?.[1] !== undefined) return { status: Number(found[1]), at: found.index }
  }
  return null
}

/** What a status alone says; null when it says nothing (2xx, 3xx and statuses without a meaning of their own). */
export const kindOfStatus = (status: number): Kind | null => {
  if (status === 401 || status === 407) return kind('permission_error', 'auth')
  if (status === 402) return kind('budget_exceeded', 'billing')
  if (status === 403) return kind('permission_error')
  if (status === 413) return kind('context_limit', 'prompt_too_long')
  if (status === 429) return kind('rate_limit')
  if (status === 529) return kind('rate_limit', 'overloaded')
  if (status === 400 || status === 404 || status === 422) return kind('unknown', 'bad_request')
  if (status === 408 || status === 409 || status >= 500) return kind('unknown', 'server_error')
  return null
}
