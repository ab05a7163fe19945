/**
 * What the forms of the pages do: each row turns one form into steps, and says where the browser goes then. A step is a
 * request to the API under the person's own token wherever GitHub's API has one; rights are decided there, not here.
 */
import { checkRunsOf } from '../../model/check.ts'
import type { Form } from './form.ts'

export type Step =
  | {
      readonly kind: 'api'
      readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE'
      readonly path: string
      readonly body?: unknown
    }
  /** A button of a check run: a browser can press it, the API cannot. */
  | { readonly kind: 'press'; readonly runId: number; readonly identifier: string }
  /** "Re-run": the API has it for the App alone. */
  | { readonly kind: 'rerun'; readonly runId: number }

/** `answer`: the JSON of the last step. */
export type Back = (form: Form, answer: Readonly<Record<string, unknown>>) => string

export interface Deed {
  /** Below `/{owner}/{repo}`, in the router's notation. */
  readonly path: string
  readonly steps: (form: Form) => readonly Step[]
  readonly back: Back
}

const NUMBER = ':number{[0-9]+}'
const ID = ':id{[0-9]+}'

const issueApi = (form: Form) => `${form.api}/issues/${form.params['number']}`
const commentApi = (form: Form) => `${form.api}/issues/comments/${form.params['id']}`
/** `/issues/7` leads on to the pull request where it is one. */
const issuePage: Back = (form) => `${form.base}/issues/${form.params['number']}`
const commentPage: Back = (form) => {
  const comment = form.world.state.comments.get(Number(form.params['id']))
  const issue = comment && form.world.state.issues.get(comment.issueId)
  return issue ? `${form.base}/issues/${issue.number}#issuecomment-${comment.id}` : form.base
}
const runPage: Back = (form) => `${form.base}/runs/${form.params['id']}`

function react(form: Form, subject: string): readonly Step[] {
  const given = form.text('reaction_id')
  if (given !== '')
    return [{ kind: 'api', method: 'DELETE', path: `${subject}/reactions/${encodeURIComponent(given)}` }]
  return [{ kind: 'api', method: 'POST', path: `${subject}/reactions`, body: { content: form.text('content') } }]
}

/** The comment first, then the closing, as GitHub's "Close with comment". */
function comment(form: Form): readonly Step[] {
  const body = form.lines('body')
  const state = { close: 'closed', reopen: 'open' }[form.text('after')]
  const write = { kind: 'api', method: 'POST', path: `${issueApi(form)}/comments`, body: { body } } as const
  if (state === undefined) return [write]
  const change = { kind: 'api', method: 'PATCH', path: issueApi(form), body: { state } } as const
  return body.trim() === '' ? [change] : [write, change]
}

function rerun(form: Form): readonly Step[] {
  const runId = Number(form.params['id'])
  const jobId = checkRunsOf(form.world.state).get(runId)?.jobId ?? null
  return jobId === null
    ? [{ kind: 'rerun', runId }]
    : [{ kind: 'api', method: 'POST', path: `${form.api}/actions/jobs/${jobId}/rerun` }]
}

export const DEEDS: readonly Deed[] = [
  {
    path: '/issues',
    steps: (form) => [
      {
        kind: 'api',
        method: 'POST',
        path: `${form.api}/issues`,
        body: { title: form.text('title'), body: form.lines('body') },
      },
    ],
    back: (form, answer) => `${form.base}/issues/${String(answer['number'])}`,
  },
  { path: `/issues/${NUMBER}/comment`, steps: comment, back: (form, answer) => afterComment(form, answer) },
  {
    path: `/issues/${NUMBER}/edit`,
    steps: (form) => [
      {
        kind: 'api',
        method: 'PATCH',
        path: issueApi(form),
        body: {
          ...(form.has('title') && { title: form.text('title') }),
          ...(form.has('body') && { body: form.lines('body') }),
        },
      },
    ],
    back: issuePage,
  },
  {
    path: `/issues/${NUMBER}/labels`,
    steps: (form) => [
      { kind: 'api', method: 'POST', path: `${issueApi(form)}/labels`, body: { labels: [form.text('label')] } },
    ],
    back: issuePage,
  },
  {
    path: `/issues/${NUMBER}/unlabel`,
    steps: (form) => [
      { kind: 'api', method: 'DELETE', path: `${issueApi(form)}/labels/${encodeURIComponent(form.text('label'))}` },
    ],
    back: issuePage,
  },
  { path: `/issues/${NUMBER}/react`, steps: (form) => react(form, issueApi(form)), back: issuePage },
  {
    path: `/comments/${ID}/edit`,
    steps: (form) => [{ kind: 'api', method: 'PATCH', path: commentApi(form), body: { body: form.lines('body') } }],
    back: commentPage,
  },
  {
    path: `/comments/${ID}/delete`,
    steps: (form) => [{ kind: 'api', method: 'DELETE', path: commentApi(form) }],
    back: commentPage,
  },
  { path: `/comments/${ID}/react`, steps: (form) => react(form, commentApi(form)), back: commentPage },
  {
    path: `/runs/${ID}/action`,
    steps: (form) => [{ kind: 'press', runId: Number(form.params['id']), identifier: form.text('identifier') }],
    back: runPage,
  },
  { path: `/runs/${ID}/rerun`, steps: rerun, back: runPage },
  {
    path: `/pull/${NUMBER}/merge`,
    steps: (form) => [
      {
        kind: 'api',
        method: 'PUT',
        path: `${form.api}/pulls/${form.params['number']}/merge`,
        body: { merge_method: form.text('method'), sha: form.text('sha') },
      },
    ],
    back: issuePage,
  },
]

function afterComment(form: Form, answer: Readonly<Record<string, unknown>>): string {
  const anchor = 'issue_url' in answer ? `#issuecomment-${String(answer['id'])}` : ''
  return `${form.base}/issues/${form.params['number']}${anchor}`
}
