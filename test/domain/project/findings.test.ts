import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decideProject,
  evolveProject,
  type Project,
  type ProjectCommand,
  type ProjectEvent,
} from '../../../app/domain/project/project.ts'
import { askedWords, MOST_FINDINGS, rankFindings, wordsOf, type Finding } from '../../../app/domain/project/findings.ts'
import { projectStateSchema } from '../../../schemas/task-state.ts'
import { ALICE } from '../given.ts'
import { openProject } from './histories.ts'

const learn = (text: string, kind: Finding['kind'] = 'gotcha'): ProjectCommand => ({
  type: 'record-finding',
  kind,
  text,
  task: { stream: 'task/7/1', key: 'DEV-1' },
  attempt: 2,
})

const ask = (project: Project | null, command: ProjectCommand, at = 5): Project | null => {
  const decision = decideProject(project, command)
  if (!decision.ok) throw new Error(decision.rejection.code)
  return decision.events.reduce(
    (state, event) =>
      evolveProject(state, { ...event, stream: 'project/7', actor: ALICE, at } as unknown as ProjectEvent),
    project,
  )
}
const given = (...commands: readonly ProjectCommand[]) =>
  [openProject(), ...commands].reduce(ask, null as Project | null)

describe('findings', () => {
  it('are kept with where they come from, once each', () => {
    const project = given(learn('a'), learn('a'), learn('a', 'decision'))
    expect(project?.findings).toEqual([
      { id: 1, kind: 'gotcha', text: 'a', task: { stream: 'task/7/1', key: 'DEV-1' }, attempt: 2, by: 'alice', at: 1 },
      expect.objectContaining({ id: 2, kind: 'decision' }),
    ])
    expect(projectStateSchema.safeParse(project).success).toBe(true)
  })

  it('are retired by number, and a number is never used again', () => {
    const project = given(learn('a'), { type: 'retire-finding', id: 1, reason: 'r' }, learn('b'))
    expect(project?.findings?.map(({ id, text }) => [id, text])).toEqual([[2, 'b']])
    expect(decideProject(project, { type: 'retire-finding', id: 1, reason: 'r' })).toMatchObject({
      rejection: { code: 'no-such-finding' },
    })
  })

  it('are bounded in number', () => {
    const full = given(...Array.from({ length: MOST_FINDINGS }, (_, at) => learn(`t${at}`)))
    expect(decideProject(full, learn('one more'))).toMatchObject({ rejection: { code: 'too-many', what: 'findings' } })
  })

  it('a project that has none has the state that it always had', () => {
    expect(given()).not.toHaveProperty('findings')
  })
})

describe('the order of an answer', () => {
  it('is by how many words it holds, then by kind, then the newest first', () => {
    const all = given(
      learn('the parser is slow'),
      learn('the parser is generated', 'decision'),
      learn('never touch the parser', 'constraint'),
      learn('a slow parser again'),
      learn('the lexer'),
    )?.findings
    const asked = askedWords(['Why is the Parser slow?'])
    expect(asked).toEqual(['why', 'parser', 'slow'])
    expect(rankFindings(all ?? [], [1, 2, 3, 4], asked).map(({ id }) => id)).toEqual([4, 1, 3, 2])
  })

  it('words are letters and digits, each once, bounded', () => {
    expect(wordsOf('src/parse_sum.ts: Größe PARSE a')).toEqual(['src', 'parse', 'sum', 'ts', 'größe'])
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{L}\p{N}]{1,40}$/u)
        expect(askedWords([text]).length).toBeLessThanOrEqual(50)
      }),
    )
  })
})
