/** Every text that our App has written on the sandbox, and the rules that each must keep, whoever's words it holds. */
import { expect } from 'vitest'
import { taskStream } from '../../app/domain/event/envelope.ts'
import { joinParts, readPart } from '../../app/outbound/github/ledger/part-comments.ts'
import { openRecord } from '../../app/outbound/github/record/open-record.ts'
import { parseRecordKeys } from '../../app/outbound/github/record/record-keys.ts'
import { verifyRecord } from '../../app/outbound/github/record/verify-record.ts'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import { RECORD_KEYS, type Play } from './play.ts'

/** Ours, as whole comments: what stands in them is held to the rules for hidden text. */
const OUR_HIDDEN = /<!-- muster:(?:record|sealed|ledger|ledger-issue|part|reply|pull) [^\n]*? -->/g

const RULES: readonly (readonly [string, RegExp])[] = [
  ['a live mention', /@(?=[\p{L}\p{N}_-])/u],
  ['a closing keyword', /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b[\s:]+#\d/i],
  ['a command at the start of a line', /^[ \t>*+-]*\/[A-Za-z]/m],
  ['a secret', /ghp_[A-Za-z0-9]{20}|sk-ant-[A-Za-z0-9-]{20}/],
  ['writing that runs backwards', /[\u202a-\u202e\u2066-\u2069]/],
]

const SHOWN_RULES: readonly (readonly [string, RegExp])[] = [
  ...RULES,
  ['an HTML comment', /<!--|--!?>/],
  ['a tag', /<\/?[A-Za-z]/],
  ['a marker of ours', /muster\s*:|muster-attempt/i],
]

export interface Written {
  readonly where: string
  readonly text: string
}

export const republished = ({ sandbox: { state, seed } }: Play): readonly Written[] => {
  const ours = seed.muster.id
  const comments = state.comments
    .all()
    .filter(({ appId }) => appId === ours)
    .map(({ id, body }) => ({ where: `comment ${id}`, text: body }))
  const issues = state.issues
    .all()
    .filter(({ appId }) => appId === ours)
    .flatMap(({ number, title, body }) => [
      { where: `title of #${number}`, text: title },
      { where: `body of #${number}`, text: body ?? '' },
    ])
  const labels = state.labels
    .all()
    // Labels that people made up on an issue have no description; ours all have one.
    .filter(({ description }) => description)
    .map(({ name, description }) => ({ where: 'label', text: `${name}\n${description ?? ''}` }))
  const checks = checkRunsOf(state)
    .all()
    .filter(({ appId }) => appId === ours)
  const outputs = checks.map(({ id, name, title, summary, text }) => ({
    where: `check ${id}`,
    text: [name, title, summary, text].join('\n'),
  }))
  const annotations = checks.flatMap(({ id, annotations: all }) =>
    all.map((one) => ({
      where: `annotation of check ${id}`,
      text: [one.title, one.message, one.raw_details].join('\n'),
    })),
  )
  return [...comments, ...issues, ...labels, ...outputs, ...annotations]
}

const problemsOf = ({ where, text }: Written): readonly string[] => {
  const hidden = [...text.matchAll(OUR_HIDDEN)].map(([found]) => found)
  const shown = text.replaceAll(OUR_HIDDEN, '')
  const broken = (part: string, rules: typeof RULES): string[] =>
    rules.flatMap(([rule, shape]) => {
      const at = part.search(shape)
      return at === -1 ? [] : [`${where}: ${rule}: …${JSON.stringify(part.slice(Math.max(0, at - 30), at + 40))}…`]
    })
  return [
    ...broken(shown, SHOWN_RULES),
    ...hidden.flatMap((part) => broken(part, RULES)),
    ...(text.isWellFormed() ? [] : [`${where}: half a character`]),
  ]
}

/** Texts that break a rule, with where and what; empty when all is well. */
export const brokenRules = (texts: readonly Written[]): readonly string[] => texts.flatMap(problemsOf)

/** The record of an issue is one, is ours, and holds the very state of the log. */
export const expectRecordHolds = async ({ sandbox, app }: Play, issue: number): Promise<void> => {
  const { id: repositoryId } = sandbox.seed.repositories.widgets
  const row = sandbox.state.issues.all().find((one) => one.repositoryId === repositoryId && one.number === issue)
  const records = sandbox.state.comments
    .all()
    .filter(({ issueId, appId }) => issueId === row?.id && appId === sandbox.seed.muster.id)
    .filter(({ body }) => body.includes('<!-- muster:record '))
  expect(records).toHaveLength(1)
  const [record] = records
  expect(record?.body.split('<!-- muster:record ')).toHaveLength(2)
  const keys = parseRecordKeys(RECORD_KEYS)
  if (!keys.ok || row === undefined || record === undefined) throw new Error('no record, or no key to read it with')
  const placeOf = (at: { readonly id: number; readonly number: number }) => ({
    repositoryId,
    issueId: at.id,
    issueNumber: at.number,
  })
  const verdict = verifyRecord(record.body, { keys: keys.keys, place: placeOf(row) })
  if (!verdict.ok) throw new Error(`${verdict.problem}: ${verdict.detail}`)
  // Long texts stand beside the ledger.
  const pieces = sandbox.state.comments.all().flatMap(({ body, issueId, appId }) => {
    const at = sandbox.state.issues.get(issueId)
    if (appId !== sandbox.seed.muster.id || at === undefined || !body.includes('<!-- muster:part ')) return []
    const read = readPart(body, placeOf(at), keys.keys)
    if (!read.ok) throw new Error(read.detail)
    return [read.part]
  })
  const parts = joinParts(pieces)
  const opened = openRecord(verdict.record, (digest) => parts.get(digest))
  if (!opened.ok) throw new Error(`${opened.problem}: ${opened.detail}`)
  expect(opened.state).toBe((await app.store.log.load(taskStream(repositoryId, issue))).state)
}
