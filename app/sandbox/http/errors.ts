/** GitHub's error answers: `throw notFound()` in any handler. One class, one JSON format, GitHub's own wording. */
const DOCS = 'https://docs.github.com/rest'

/** One entry of `errors` in a 422. */
export interface FieldError {
  readonly resource: string
  readonly field: string
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom'
  readonly message?: string
  readonly value?: string | number | null
}

export class GitHubError extends Error {
  readonly status: number
  readonly errors: readonly (FieldError | string)[] | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly #docs: string

  constructor(
    status: number,
    message: string,
    errors?: readonly (FieldError | string)[],
    headers: Readonly<Record<string, string>> = {},
    docs = DOCS,
  ) {
    super(message)
    this.status = status
    this.errors = errors
    this.headers = headers
    this.#docs = docs
  }

  body(): Record<string, unknown> {
    return {
      message: this.message,
      ...(this.errors && { errors: this.errors }),
      documentation_url: this.#docs,
      status: String(this.status),
    }
  }
}

export const badCredentials = () => new GitHubError(401, 'Bad credentials')
export const requiresAuthentication = () => new GitHubError(401, 'Requires authentication')
/** Also for what the caller may not see: GitHub does not tell a hidden thing from none. */
export const notFound = () => new GitHubError(404, 'Not Found')
export const gone = () => new GitHubError(410, 'This issue was deleted')
/** The App, or the GITHUB_TOKEN, lacks the permission. `needed` is shown as GitHub's x-accepted-github-permissions. */
export const notAccessible = (needed = '') =>
  new GitHubError(403, 'Resource not accessible by integration', undefined, {
    ...(needed && { 'x-accepted-github-permissions': needed }),
  })
export const forbidden = (message: string) => new GitHubError(403, message)
export const badRequest = (message: string) => new GitHubError(400, message)
export const conflict = (message: string) => new GitHubError(409, message)
export const validationFailed = (...errors: readonly (FieldError | string)[]) =>
  new GitHubError(422, 'Validation Failed', errors)
export const unprocessable = (message: string) => new GitHubError(422, message)
export const movedPermanently = (location: string) => new GitHubError(301, 'Moved Permanently', undefined, { location })
