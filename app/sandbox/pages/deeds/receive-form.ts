/** Takes a form: from a page of this origin, with the session's form token, by someone who is logged in. Then its steps. */
import type { Context, Hono } from 'hono'
import { fullName } from '../../render/repository.ts'
import type { World } from '../../world.ts'
import { isFromOwnPage } from '../visit/from-this-machine.ts'
import { type Problem, problemOf, problemPage } from '../visit/problem.ts'
import { sendPage } from '../visit/send-page.ts'
import { isFormToken } from '../visit/sessions.ts'
import { inRepository, readVisit, type RepoVisit, type Visit } from '../visit/visit.ts'
import type { Deed } from './deeds.ts'
import { createForm, type Form, MAX_FORM_BYTES } from './form.ts'
import { takeStep } from './take-step.ts'

export const STALE_FORM =
  'This form is too old, or was not sent from this page. Go back, reload the page and try again.'

/** The fields, or null when the form is not one of this session's own pages. */
export async function readOwnForm(c: Context, visit: Visit): Promise<URLSearchParams | null> {
  const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
  if (!isFromOwnPage(c) || !isForm || Number(c.req.header('content-length') ?? 0) > MAX_FORM_BYTES) return null
  const fields = new URLSearchParams(await c.req.text())
  const given = fields.get('form_token') ?? ''
  return visit.session && isFormToken(visit.session, given) ? fields : null
}

export async function receiveForm(http: Hono, world: World, deed: Deed, c: Context): Promise<Response> {
  const visit = readVisit(world, c)
  const refuse = (problem: Problem) => sendPage(c, visit, problemPage(problem))
  const fields = await readOwnForm(c, visit)
  if (!fields) return refuse({ status: 403, message: STALE_FORM })
  const token = visit.session?.token
  if (!token || !visit.viewer) return refuse({ status: 401, message: 'Log in first.', back: '/login' })
  const { owner = '', repo = '', ...params } = c.req.param() as Record<string, string>
  let within: RepoVisit
  try {
    within = inRepository(visit, owner, repo)
  } catch (error) {
    return refuse(problemOf(error))
  }
  const form = createForm(
    { world, repo: within.repo, params, api: `/repos/${fullName(world, within.repo)}`, base: within.base },
    fields,
  )
  // Known before the steps: a deleted comment no longer tells where it stood.
  const before = deed.back(form, {})
  let answer: Readonly<Record<string, unknown>> = {}
  for (const step of deed.steps(form)) {
    const response = await takeStep({ http, world, token }, within, step)
    answer = await readAnswer(response)
    if (!response.ok) return refuse(problemIn(response.status, answer, form, before))
  }
  return c.redirect(Object.keys(answer).length > 0 ? deed.back(form, answer) : before, 303)
}

/** Some answers are lists, some are empty: neither says where to go. */
async function readAnswer(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text()
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function problemIn(status: number, answer: Readonly<Record<string, unknown>>, form: Form, back: string): Problem {
  const errors = Array.isArray(answer['errors']) ? (answer['errors'] as unknown[]) : []
  const details = errors.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  const message = typeof answer['message'] === 'string' ? answer['message'] : 'Refused'
  return { status, message, details, typed: form.text('body'), back }
}
