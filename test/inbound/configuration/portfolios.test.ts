import { describe, expect, it } from 'vitest'
import { groupsFrom } from '../../../app/inbound/configuration/groups-from.ts'
import { parseConfiguration } from '../../../app/inbound/configuration/parse-configuration.ts'

const problems = (text: string, account: string | null = 'acme') => {
  const parsed = parseConfiguration(text, account)
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

const GOOD = `portfolios:
  - name: Developer tools
    programs:
      - name: Widgets
        projects: [widgets, Acme/gears]
  - name: Öffentlich, R&D (2)
    programs: [{name: 文書, projects: [.github]}]
`

const program = (projects: string) => `portfolios: [{name: A, programs: [{name: B, projects: [${projects}]}]}]`

describe('portfolios of the account', () => {
  it('are groups of whole names', () => {
    const parsed = parseConfiguration(GOOD, 'acme')
    expect(parsed.ok && groupsFrom(parsed.configuration.portfolios, 'acme')).toEqual([
      { name: 'Developer tools', programs: [{ name: 'Widgets', projects: ['acme/widgets', 'acme/gears'] }] },
      { name: 'Öffentlich, R&D (2)', programs: [{ name: '文書', projects: ['acme/.github'] }] },
    ])
    expect(groupsFrom(undefined, 'acme')).toEqual([])
  })

  it('name a project once, whichever way it is written', () => {
    expect(problems(`${GOOD}  - name: Other\n    programs:\n      - {name: More, projects: [WIDGETS]}\n`)).toEqual([
      '10:33 portfolios.2.programs.0.projects.0 is a project that stands in a program already; leave one of the two out (the other is in line 5)',
    ])
  })

  it('name repositories of the account only', () => {
    expect(problems(program('widgets, rival/secret'))).toEqual([
      "1:65 portfolios.0.programs.0.projects.1 is not of acme: only the account's own repositories can be grouped; take it out",
    ])
  })

  it('have names of their own, on one line', () => {
    expect(problems(`${GOOD}  - {name: widgets, programs: [{name: x, projects: [x]}]}\n`)).toEqual([
      '8:6 portfolios.2.name is the name of another portfolio or program; choose one that no other has',
    ])
    for (const name of ['""', '" a"', '"a\\nb"', '"\\u001b[31m"', '"a\\u202eb"', `"${'a'.repeat(81)}"`]) {
      expect(problems(program('x').replace('name: A', `name: ${name}`))[0]).toContain(
        '1:15 portfolios.0.name must be 1 to 80',
      )
    }
    expect(problems(program('"a b"'))[0]).toContain('must be the name of a repository')
  })

  it('are bounded, and none is empty', () => {
    const many = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n)).join(', ')
    expect(problems(program(many(501, (n) => `r${n}`)))[0]).toContain('must not name more than 500 projects')
    const two = [0, 1].map(
      (m) => `{name: P${m}, programs: [{name: Q${m}, projects: [${many(251, (n) => `r${m}-${n}`)}]}]}`,
    )
    expect(problems(`portfolios: [${two.join(', ')}]`)[0]).toContain('must not name more than 500 projects in all')
    const programs = many(51, (n) => `{name: Q${n}, projects: [r${n}]}`)
    expect(problems(`portfolios: [{name: A, programs: [${programs}]}]`)[0]).toContain('more than 50 programs')
    const portfolios = many(51, (n) => `{name: P${n}, programs: [{name: Q${n}, projects: [r${n}]}]}`)
    expect(problems(`portfolios: [${portfolios}]`)[0]).toContain('more than 50 portfolios')
    expect(problems(program(''))[0]).toContain('must name a project; leave the program out')
    expect(problems('portfolios: [{name: A, programs: []}]')[0]).toContain(
      'must name a program; leave the portfolio out',
    )
    expect(problems('portfolios: []')).toEqual([])
    expect(problems(program('x').replace('projects', 'projcts'))).toContain(
      '1:45 unknown key "projcts"; did you mean "projects"?',
    )
  })
})

it('portfolios of a single repository’s file have no place there, however they are written', () => {
  const misplaced =
    "2:1 portfolios belongs into the account's file: move it to .github/muster.yml of the account's .github repository"
  expect(problems(`key: DEV\n${GOOD}`, null)).toEqual([misplaced])
  expect(problems('key: DEV\nportfolios: 3\n', null)).toEqual([misplaced])
  expect(problems('key: 7\nportfolios: {a: 1}\n', null)).toEqual([misplaced, expect.stringMatching(/^1:1 key /)])
  // And no hint leads there.
  expect(problems('zzz: 1', null)[0]).not.toContain('portfolios')
  expect(problems('portfolio: 1', null)[0]).not.toContain('portfolios')
  expect(problems('portfolio: 1')).toEqual(['1:1 unknown key "portfolio"; did you mean "portfolios"?'])
})
