/**
 * Labels on issues, and the repository's own. Names are unique without regard to case; an unknown name is created when it
 * is put on an issue by someone who may create labels.
 */
import { forbidden, notFound, validationFailed } from '../http/errors.ts'
import type { Issue } from '../model/issue.ts'
import { IMPLICIT_LABEL_COLOR, type Label, type Repository } from '../model/repository.ts'
import { renderLabel } from '../render/label.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { emit } from '../webhooks/emit.ts'
import { type Doer, doerIs } from './doer.ts'
import { emitIssue } from './emit-issue.ts'
import { noteEvent } from './note-event.ts'

export const MAX_LABELS_PER_ISSUE = 100
const MAX_NAME = 50
const MAX_DESCRIPTION = 100

export function findLabel(doer: Pick<Doer, 'world'>, repository: Repository, name: string): Label | undefined {
  return doer.world.state.labels.find(
    (one) => one.repositoryId === repository.id && one.name.toLowerCase() === name.toLowerCase(),
  )
}

export interface LabelInput {
  readonly name: string
  readonly color?: string
  readonly description?: string | null
}

export function createLabel(doer: Doer, repository: Repository, input: LabelInput): Label {
  if (!doerIs(doer, repository, 'write'))
    throw forbidden('You do not have permission to create labels on this repository.')
  checkLabel(input)
  if (findLabel(doer, repository, input.name))
    throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' })
  const label = doer.world.state.labels.put({
    id: doer.world.state.ids.next(),
    repositoryId: repository.id,
    name: input.name,
    color: (input.color ?? IMPLICIT_LABEL_COLOR).toLowerCase(),
    description: input.description ?? null,
  })
  emitLabel(doer, repository, 'created', label)
  return label
}

export function updateLabel(doer: Doer, repository: Repository, label: Label, change: Partial<LabelInput>): Label {
  const next = { ...label, ...change }
  checkLabel(next)
  const clash = findLabel(doer, repository, next.name)
  if (clash && clash.id !== label.id)
    throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' })
  const saved = doer.world.state.labels.put({ ...next, color: next.color.toLowerCase() })
  const changes = {
    ...(label.name !== saved.name && { name: { from: label.name } }),
    ...(label.color !== saved.color && { color: { from: label.color } }),
    ...(label.description !== saved.description && { description: { from: label.description ?? '' } }),
  }
  emitLabel(doer, repository, 'edited', saved, { changes })
  return saved
}

export function deleteLabel(doer: Doer, repository: Repository, label: Label): void {
  const { state } = doer.world
  for (const issue of state.issues.where((one) => one.labelIds.includes(label.id)))
    state.issues.update(issue.id, { labelIds: issue.labelIds.filter((id) => id !== label.id) })
  state.labels.delete(label.id)
  emitLabel(doer, repository, 'deleted', label)
}

/** Label ids for names, in their order and without repeats; unknown names are created. */
export function labelIdsByName(doer: Doer, repository: Repository, names: readonly string[]): number[] {
  for (const name of names) checkLabel({ name })
  return [
    ...new Set(names.map((name) => (findLabel(doer, repository, name) ?? createLabel(doer, repository, { name })).id)),
  ]
}

export function addLabels(doer: Doer, issue: Issue, names: readonly string[]): Issue {
  const ids = labelIdsByName(doer, repositoryOfIssue(doer.world, issue), names)
  return addLabelIds(doer, issue, ids)
}

export function addLabelIds(doer: Doer, issue: Issue, ids: readonly number[]): Issue {
  const { state, clock } = doer.world
  let current = issue
  if (new Set([...issue.labelIds, ...ids]).size > MAX_LABELS_PER_ISSUE)
    throw validationFailed(`Issue cannot have more than ${MAX_LABELS_PER_ISSUE} labels`)
  for (const id of ids) {
    if (current.labelIds.includes(id)) continue
    current = state.issues.update(issue.id, { labelIds: [...current.labelIds, id], updatedAt: clock.now() })
    noteEvent(doer, current, 'labeled', labelNote(doer, id))
    emitIssue(doer, current, 'labeled', labelExtra(doer, current, id))
  }
  return current
}

/** Removing a label that is not there is 404, as on GitHub. */
export function removeLabel(doer: Doer, issue: Issue, name: string): Issue {
  const label = findLabel(doer, repositoryOfIssue(doer.world, issue), name)
  if (!label || !issue.labelIds.includes(label.id)) throw notFound()
  return removeLabelIds(doer, issue, [label.id])
}

export function removeLabelIds(doer: Doer, issue: Issue, ids: readonly number[]): Issue {
  const { state, clock } = doer.world
  let current = issue
  for (const id of ids) {
    if (!current.labelIds.includes(id)) continue
    const labelIds = current.labelIds.filter((one) => one !== id)
    current = state.issues.update(issue.id, { labelIds, updatedAt: clock.now() })
    noteEvent(doer, current, 'unlabeled', labelNote(doer, id))
    emitIssue(doer, current, 'unlabeled', labelExtra(doer, current, id))
  }
  return current
}

export function setLabels(doer: Doer, issue: Issue, names: readonly string[]): Issue {
  const wanted = labelIdsByName(doer, repositoryOfIssue(doer.world, issue), names)
  if (wanted.length > MAX_LABELS_PER_ISSUE)
    throw validationFailed(`Issue cannot have more than ${MAX_LABELS_PER_ISSUE} labels`)
  const dropped = issue.labelIds.filter((id) => !wanted.includes(id))
  return addLabelIds(doer, removeLabelIds(doer, issue, dropped), wanted)
}

/** The `label` field of a labeled or unlabeled event. */
export function labelExtra(doer: Doer, issue: Issue, id: number) {
  const label = doer.world.state.labels.get(id)
  return label ? { label: renderLabel(doer.world, repositoryOfIssue(doer.world, issue), label) } : {}
}

/** A timeline keeps the name and colour that the label had then. */
export function labelNote(doer: Doer, id: number) {
  const label = doer.world.state.labels.get(id)
  return { label: { name: label?.name ?? '', color: label?.color ?? '' } }
}

function checkLabel(label: LabelInput): void {
  const refuse = (field: string, message: string) =>
    validationFailed({ resource: 'Label', code: 'custom', field, message })
  if (label.name.trim() === '') throw validationFailed({ resource: 'Label', code: 'missing_field', field: 'name' })
  if (label.name.length > MAX_NAME) throw refuse('name', `name is too long (maximum is ${MAX_NAME} characters)`)
  if (label.color !== undefined && !/^[0-9a-f]{6}$/i.test(label.color))
    throw validationFailed({ resource: 'Label', code: 'invalid', field: 'color' })
  if ((label.description ?? '').length > MAX_DESCRIPTION)
    throw refuse('description', `description is too long (maximum is ${MAX_DESCRIPTION} characters)`)
}

function emitLabel(
  doer: Doer,
  repository: Repository,
  action: 'created' | 'edited' | 'deleted',
  label: Label,
  extra: { changes?: Record<string, { from: string }> } = {},
): void {
  const rendered = { ...renderLabel(doer.world, repository, label), archived_at: null, archived_by: null }
  emit(doer.world, 'label', action, { repository, caller: doer.caller, payload: { label: rendered, ...extra } })
}
