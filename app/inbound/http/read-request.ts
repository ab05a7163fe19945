/** The bodies of requests, read: a command, or a refusal that shows a right one. */
import type { z } from 'zod'
import { httpCommandSchema, type HttpCommand } from '../../../schemas/http-command.ts'
import { nearestWord } from '../catalogue/nearest-word.ts'
import { foreign } from '../telling.ts'
import { refuse } from './refuse.ts'

const EXAMPLE = '{"verb": "claim", "task": "DEV-12", "args": {"ttl": "90m"}}'
const MEMBERS = Object.keys(httpCommandSchema.shape)
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** What clients say by themselves of a text that they were given: curl's `-d`, and `fetch`. */
const UNSAID_TYPE = /^(?:application\/x-www-form-urlencoded|text\/plain)\s*(?:;|$)/i

/** JSON, by its name; or by its looks, when the client was not told what it is. */
export const readJson = (text: string, contentType = '', example: string = EXAMPLE): Read => {
  const isUnsaid = contentType === '' || UNSAID_TYPE.test(contentType)
  if (!isUnsaid && !JSON_TYPE.test(contentType)) return refuseType(example)
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return contentType === '' || !isUnsaid ? refused('The body is not JSON.', example) : refuseType(example)
  }
}

type Read = { readonly value: unknown } | Response

export const readRequest = (text: string, contentType = ''): HttpCommand | Response => {
  const read = readJson(text, contentType)
  return read instanceof Response ? read : readCommand(read.value)
}

/** A command as JSON has it; the same for one of a batch. */
export const readCommand = (value: unknown): HttpCommand | Response => {
  const parsed = httpCommandSchema.safeParse(value)
  if (parsed.success) {
    const { task, verb } = parsed.data
    return task === undefined && !TASKLESS.has(verb.toLowerCase()) ? refused('It names no task.') : parsed.data
  }
  return refused(
    parsed.error.issues
      .slice(0, MOST_ISSUES)
      .map((issue) => told(issue, value))
      .join(' '),
  )
}

/** Without a task claim means the next one, policy and portfolio the project as a whole. */
const TASKLESS: ReadonlySet<string> = new Set(['claim', 'policy', 'portfolio'])

const refuseType = (example: string): Response =>
  refuse(
    415,
    'not-json',
    'The body must be JSON, and say so.',
    `Send the header "Content-Type: application/json" and JSON such as \`${example}\`.`,
  )

/** All that a person reads of a wrong body. */
const MOST_ISSUES = 4

const refused = (message: string, example: string = EXAMPLE): Response =>
  refuse(400, 'bad-request', message, `Send JSON such as \`${example}\`; the verb \`help\` lists the verbs.`)

const told = (issue: z.core.$ZodIssue, value: unknown): string => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MOST_ISSUES)
      .map((key) => {
        const near = nearestWord(key, MEMBERS)
        const hint = near === null ? `allowed are ${MEMBERS.join(', ')}` : `did you mean "${near}"?`
        return `There is no member "${foreign(key, 60)}"; ${hint}${near === null ? '.' : ''}`
      })
      .join(' ')
  }
  const where = issue.path.map(String).join('.')
  const isMissing = typeof value === 'object' && value !== null && !Object.hasOwn(value, where)
  if (where === '') return 'The body must be a JSON object.'
  if (where === 'verb') return isMissing ? 'It names no verb.' : 'verb must be the name of a command, without a slash.'
  if (where === 'task') return 'task must be an issue number or a key: 12, "#12" or "DEV-12".'
  if (where === 'args') return 'args must be an object of arguments by name.'
  return `${foreign(where, 60)} is not written as it should be.`
}
