/** A refusal over HTTP: JSON with a code to act on, what is wrong and what to do next. Callers make words of others inert. */
import { foreign } from '../telling.ts'
import type { HttpStatus } from './status-of.ts'

export const refuse = (
  status: HttpStatus,
  code: string,
  message: string,
  next: string,
  { data, headers = {} }: { readonly data?: object; readonly headers?: Readonly<Record<string, string>> } = {},
): Response =>
  Response.json(
    { ok: false, error: { code, message, next, ...(data === undefined ? {} : { data }) } },
    { status, headers },
  )

export const refuseMethod = (method: string): Response =>
  refuse(405, 'wrong-method', `${foreign(method, 20)} is not how commands are sent.`, 'Send a POST.', {
    headers: { allow: 'POST' },
  })
