/** Reads the fields that creating and updating a check run share, within GitHub's limits; a 422 names the one that broke. */
import { type GitHubError, unprocessable } from '../http/errors.ts'
import {
  type Annotation,
  type CheckAction,
  type CheckConclusion,
  type CheckRun,
  type CheckStatus,
  CONCLUSIONS,
  MAX_ACTION_DESCRIPTION,
  MAX_ACTION_IDENTIFIER,
  MAX_ACTION_LABEL,
  MAX_ACTIONS,
  MAX_ANNOTATION_BYTES,
  MAX_ANNOTATION_TITLE,
  MAX_ANNOTATIONS_PER_REQUEST,
  MAX_OUTPUT_CHARACTERS,
} from '../model/check.ts'

export interface NewAnnotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column?: number
  readonly end_column?: number
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title?: string
  readonly raw_details?: string
}

export interface CheckFields {
  readonly details_url?: string
  readonly external_id?: string
  readonly status?: string
  readonly started_at?: string
  readonly conclusion?: string
  readonly completed_at?: string
  readonly output?: {
    readonly title?: string
    readonly summary: string
    readonly text?: string
    readonly annotations?: readonly NewAnnotation[]
  }
  readonly actions?: readonly CheckAction[]
}

const refuse = (sentence: string): GitHubError => unprocessable(`Invalid request.\n\n${sentence}`)

const bytes = (text: string): number => Buffer.byteLength(text)

function readAnnotation(one: NewAnnotation): Annotation {
  const oneLine = one.start_line === one.end_line
  if (one.end_line < one.start_line) throw refuse('`end_line` must not be before `start_line`.')
  if (!oneLine && (one.start_column !== undefined || one.end_column !== undefined))
    throw refuse('Columns are allowed only when `start_line` and `end_line` are the same.')
  if ((one.title ?? '').length > MAX_ANNOTATION_TITLE)
    throw refuse(`Annotation titles may have ${MAX_ANNOTATION_TITLE} characters.`)
  if (bytes(one.message) > MAX_ANNOTATION_BYTES || bytes(one.raw_details ?? '') > MAX_ANNOTATION_BYTES)
    throw refuse('Annotation messages and raw details may have 64 KB.')
  return {
    path: one.path,
    start_line: one.start_line,
    end_line: one.end_line,
    start_column: one.start_column ?? null,
    end_column: one.end_column ?? null,
    annotation_level: one.annotation_level,
    title: one.title ?? null,
    message: one.message,
    raw_details: one.raw_details ?? null,
  }
}

function readOutput(run: CheckRun, output: NonNullable<CheckFields['output']>): Partial<CheckRun> {
  const annotations = output.annotations ?? []
  if (annotations.length > MAX_ANNOTATIONS_PER_REQUEST)
    throw refuse(`No more than ${MAX_ANNOTATIONS_PER_REQUEST} items are allowed; ${annotations.length} were supplied.`)
  for (const name of ['summary', 'text'] as const) {
    if ((output[name] ?? '').length > MAX_OUTPUT_CHARACTERS)
      throw refuse(
        `Only ${MAX_OUTPUT_CHARACTERS} characters are allowed in \`${name}\`; ${output[name]?.length} were supplied.`,
      )
  }
  if (output.title === undefined && run.title === null) throw refuse('"title" wasn\'t supplied.')
  return {
    title: output.title ?? run.title,
    summary: output.summary,
    ...(output.text !== undefined && { text: output.text }),
    annotations: [...run.annotations, ...annotations.map(readAnnotation)],
  }
}

function readActions(actions: readonly CheckAction[]): readonly CheckAction[] {
  if (actions.length > MAX_ACTIONS)
    throw refuse(`No more than ${MAX_ACTIONS} items are allowed; ${actions.length} were supplied.`)
  for (const { label, description, identifier } of actions) {
    if (label.length > MAX_ACTION_LABEL) throw refuse(`Only ${MAX_ACTION_LABEL} characters are allowed in \`label\`.`)
    if (description.length > MAX_ACTION_DESCRIPTION)
      throw refuse(`Only ${MAX_ACTION_DESCRIPTION} characters are allowed in \`description\`.`)
    if (identifier.length > MAX_ACTION_IDENTIFIER)
      throw refuse(`Only ${MAX_ACTION_IDENTIFIER} characters are allowed in \`identifier\`.`)
  }
  return actions.map(({ label, description, identifier }) => ({ label, description, identifier }))
}

/** A conclusion completes the run; any other status takes the conclusion back. */
function readStatus(run: CheckRun, fields: CheckFields, now: number): Partial<CheckRun> {
  const { conclusion, status } = fields
  const at = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : Date.parse(text))
  if (conclusion !== undefined) {
    if (!(CONCLUSIONS as readonly string[]).includes(conclusion)) throw refuse(`${conclusion} is not a conclusion.`)
    return {
      status: 'completed',
      conclusion: conclusion as CheckConclusion,
      completedAt: at(fields.completed_at, now),
    }
  }
  if (fields.completed_at !== undefined || (status === 'completed' && run.status !== 'completed'))
    throw refuse('"conclusion" wasn\'t supplied, which a completed check run needs.')
  if (status === undefined || status === run.status) return {}
  if (status !== 'queued' && status !== 'in_progress') throw refuse(`${status} is not a status that an App may set.`)
  return { status: status satisfies CheckStatus, conclusion: null, completedAt: null }
}

/** What the fields change of a run; throws a 422 and changes nothing when one is not acceptable. */
export function readCheckFields(run: CheckRun, fields: CheckFields, now: number): Partial<CheckRun> {
  return {
    ...(fields.details_url !== undefined && { detailsUrl: fields.details_url }),
    ...(fields.external_id !== undefined && { externalId: fields.external_id }),
    ...(fields.started_at !== undefined && { startedAt: Date.parse(fields.started_at) }),
    ...readStatus(run, fields, now),
    ...(fields.output !== undefined && readOutput(run, fields.output)),
    ...(fields.actions !== undefined && { actions: readActions(fields.actions) }),
  }
}
