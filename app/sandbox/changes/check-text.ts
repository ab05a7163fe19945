/** GitHub's limits on text, with its 422s. Lengths are counted in characters, not bytes. */
import { validationFailed } from '../http/errors.ts'

export const MAX_BODY = 65_536
const MAX_TITLE = 256

/** Whole characters: a surrogate pair is one. */
export function lengthOf(text: string): number {
  return text.length <= MAX_BODY ? text.length : Array.from(text).length
}

export function checkBody(resource: 'Issue' | 'IssueComment' | 'PullRequest', body: string, required = false): void {
  if (required && body.trim() === '')
    throw validationFailed({ resource, code: 'missing_field', field: 'body' }, "Body can't be blank")
  if (lengthOf(body) > MAX_BODY)
    throw validationFailed({
      resource,
      code: 'unprocessable',
      field: 'data',
      message: `Body is too long (maximum is ${MAX_BODY} characters)`,
    })
}

export function checkTitle(resource: 'Issue' | 'PullRequest', title: string): void {
  if (title.trim() === '') throw validationFailed({ resource, code: 'missing_field', field: 'title' })
  if (lengthOf(title) > MAX_TITLE)
    throw validationFailed({
      resource,
      code: 'custom',
      field: 'title',
      message: `title is too long (maximum is ${MAX_TITLE} characters)`,
    })
}
