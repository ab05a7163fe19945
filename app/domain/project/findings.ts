/**
 * What one task learned that later ones should know: recorded in the project's stream with where it comes from, bounded in
 * number, and put in order for a question. Which ones hold a word is found by the store; nothing is looked up here.
 */
import { accept, reject, type Decision } from '../rejection.ts'
import type { Millis } from '../event/envelope.ts'
import type { TaskRef } from '../task/state.ts'
import type { NewProjectEvent, Project, ProjectCommand, ProjectEvent } from './project.ts'

export const FINDING_KINDS = ['constraint', 'decision', 'gotcha'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

export interface Finding {
  /** Counted from 1 per project; never used again. */
  readonly id: number
  readonly kind: FindingKind
  readonly text: string
  /** Where it was learned. */
  readonly task: TaskRef
  /** The attempt under way then, or the last one before; null: there was none. */
  readonly attempt: number | null
  readonly by: string
  readonly at: Millis
}

/** What a project keeps; each of at most 500 characters. */
export const MOST_FINDINGS = 100

type Of<T extends ProjectCommand['type']> = ProjectCommand & { readonly type: T }

export const recordFinding = (project: Project, command: Of<'record-finding'>): Decision<NewProjectEvent> => {
  const { type: _, ...found } = command
  const { findings = [], nextFinding = 1 } = project
  if (findings.some(({ kind, text }) => kind === found.kind && text === found.text)) return accept()
  if (findings.length >= MOST_FINDINGS) {
    return reject({ code: 'too-many', key: project.repository, what: 'findings', most: MOST_FINDINGS })
  }
  return accept({ type: 'finding-recorded', v: 1, data: { id: nextFinding, ...found } })
}

export const retireFinding = (project: Project, { id, reason }: Of<'retire-finding'>): Decision<NewProjectEvent> =>
  (project.findings ?? []).some((finding) => finding.id === id)
    ? accept({ type: 'finding-retired', v: 1, data: { id, reason } })
    : reject({ code: 'no-such-finding', id })

type Happened<T extends ProjectEvent['type']> = ProjectEvent & { readonly type: T }

export const withFinding = (project: Project, { data, actor, at }: Happened<'finding-recorded'>): Project => ({
  ...project,
  findings: [...(project.findings ?? []), { ...data, by: actor.id, at }],
  nextFinding: data.id + 1,
})

export const withoutFinding = (project: Project, { data }: Happened<'finding-retired'>): Project => ({
  ...project,
  findings: (project.findings ?? []).filter(({ id }) => id !== data.id),
})

const SHORTEST = 2
const LONGEST = 40
const MOST_WORDS = 50

/** The words of a text as they are indexed and asked for: letters and digits, lower case, each once, in their order. */
export const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    (
      text
        .normalize('NFKC')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? []
    )
      .filter((word) => word.length >= SHORTEST)
      .map((word) => Array.from(word).slice(0, LONGEST).join('')),
  ),
]

/** Words that stand in every title and say nothing. */
const EMPTY = new Set(
  'a an and are as at be by for from has have in is it no not of on or that the this to was when with'.split(' '),
)

/** What to ask the store for. */
export const askedWords = (texts: readonly string[]): readonly string[] =>
  wordsOf(texts.join(' '))
    .filter((word) => !EMPTY.has(word))
    .slice(0, MOST_WORDS)

/** Of those whose text begins a word with one that was asked for: most words first, then by kind, then the newest. */
export const rankFindings = (
  findings: readonly Finding[],
  ids: readonly number[],
  asked: readonly string[],
): readonly Finding[] =>
  findings
    .filter(({ id }) => ids.includes(id))
    .map((finding) => {
      const words = wordsOf(finding.text)
      return { finding, hits: asked.filter((word) => words.some((own) => own.startsWith(word))).length }
    })
    .sort(
      (a, b) =>
        b.hits - a.hits ||
        FINDING_KINDS.indexOf(a.finding.kind) - FINDING_KINDS.indexOf(b.finding.kind) ||
        b.finding.id - a.finding.id,
    )
    .map(({ finding }) => finding)
