/** The page for what went wrong: GitHub's own words, and what the person had typed, so that it is not lost. */
import { html } from 'hono/html'
import { GitHubError } from '../../http/errors.ts'
import type { Page } from './layout.ts'
import { NOTHING } from './layout.ts'

export interface Problem {
  readonly status: number
  readonly message: string
  readonly details?: readonly string[]
  /** A text that the person sent in vain. */
  readonly typed?: string | undefined
  readonly back?: string
}

export function problemPage(problem: Problem): Page {
  const { status, message, details = [], typed, back = '/' } = problem
  return {
    title: message,
    status,
    main: html`<section class="problem">
      <h1>${status}</h1>
      <p>${message}</p>
      ${
        details.length > 0
          ? html`<ul>
              ${details.map((one) => html`<li>${one}</li>`)}
            </ul>`
          : NOTHING
      }
      ${
        typed
          ? html`<p>What you wrote:</p>
              <textarea rows="8" readonly>${typed}</textarea>`
          : NOTHING
      }
      <p><a class="button" href="${back}">Go back</a></p>
    </section>`,
  }
}

/** A thrown GitHub error as a problem; anything else is ours, and its text may hold anything. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof GitHubError)) return { status: 500, message: 'Server Error' }
  if (error.status === 404) return { status: 404, message: 'This page does not exist, or you may not see it.' }
  const details = (error.errors ?? []).map((one) =>
    typeof one === 'string' ? one : `${one.field}: ${one.message ?? one.code}`,
  )
  return { status: error.status, message: error.message, details }
}
