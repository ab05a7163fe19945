/** `portfolio`: who is shown what, where the groups come from, and what is answered when there are none. */
import { describe, expect, it } from 'vitest'
import { portfolioCommand } from '../../app/inbound/cli/portfolio.ts'
import { createProjectOpener } from '../../app/inbound/project-of.ts'
import { onPush } from '../../app/inbound/webhook/handlers/push.ts'
import { givenEndpoint } from './http/given-endpoint.ts'
import { PLACE } from './webhook/handlers/given-deps.ts'

const FILE = `portfolios:
  - name: Developer tools
    programs:
      - name: Widgets
        projects: [widgets, other, later]
  - name: Hidden things
    programs:
      - name: Skunkworks
        projects: [secret]
`
const DOT_GITHUB = { ...PLACE, repository: 'acme/.github', repositoryId: 3, repositoryNodeId: 'R_3' }
const PUSH = {
  ref: 'refs/heads/main',
  before: 'a'.repeat(40),
  after: 'b'.repeat(40),
  deleted: false,
  defaultBranch: 'main',
  commits: 1,
  headMessage: 'Configure',
  paths: ['.github/muster.yml'],
}

/** Widgets (7) with a ready task, other (8) with a task that cost $5, both of installation 1; none of them public. */
const given = async () => {
  const test = await givenEndpoint()
  const { ready, ask, github, deps } = test
  await ready(1)
  const made = { project: 'project/8', key: 'OTH-3', number: 3, title: 'T', priority: 'p2' } as const
  await ask('task/8/3', { type: 'create-task', ...made })
  await ask('task/8/3', { type: 'ready-task' })
  const claim = { owner: 'alice', ttlMs: null, baseSha: null, model: null, runId: null }
  await ask('task/8/3', { type: 'claim-task', ...claim })
  await ask('task/8/3', { type: 'succeed-attempt', fence: null, costMicroUsd: 5_000_000, tokens: 900 })
  github.account = FILE
  github.roles.set('reader', 'read')
  const say = (body: string): Promise<string> => test.say(body, 'reader', 104)
  return { ...test, say, push: () => onPush(deps, DOT_GITHUB, PUSH) }
}

describe('a project', () => {
  it('is shown where it was asked, and elsewhere only while everybody may read it', async () => {
    const { say, github, post } = await given()
    const before = await say('/portfolio')
    expect(before).toContain('| acme/widgets | 0 of 1 (0 %) | 1 ready |')
    expect(before).toContain('and 2 more that not everybody here may see')
    expect(before).toContain('Figures are of the projects shown here.')
    expect(before).not.toMatch(/other|later|5\.00|900/)
    github.open.set('acme/other', 8)
    const after = await say('/portfolio')
    expect(after).toContain('rocket ### Developer tools: 0 of 2 tasks done (0 %); $5.00 and 900 tokens spent')
    expect(after).toContain('| acme/other | 0 of 1 (0 %) | 1 in review | $5.00, 900 tokens |')
    // The other way round as well: an agent of the other project does not learn of this one.
    const { json } = await post({ verb: 'portfolio' }, 'elsewhere', null)
    expect(JSON.stringify(json)).not.toContain('acme/widgets')
    expect(json).toMatchObject({
      portfolios: [
        {
          name: 'Developer tools',
          hidden: 2,
          tasks: 1,
          by_status: { review: 1 },
          spent: { micro_usd: 5_000_000, tokens: 900 },
          reserved: { micro_usd: 0, tokens: 0 },
          programs: [{ name: 'Widgets', projects: [{ repository: 'acme/other' }] }],
        },
      ],
    })
  })

  it('that no task was made in yet is no error', async () => {
    const { say, github } = await given()
    github.open.set('acme/later', 55)
    expect(await say('/portfolio widgets')).toContain('| acme/later | no task yet |')
  })

  it('is not given the figures of a private one that bore its name before', async () => {
    const { say, github } = await given()
    github.open.set('acme/other', 99)
    const answer = await say('/portfolio')
    expect(answer).toContain('| acme/other | no task yet |')
    expect(answer).not.toContain('5.00')
  })

  it('of another account’s installation is not shown under a name that is now this one’s', async () => {
    const { say, github, ask } = await given()
    await ask('project/8', {
      type: 'open-project',
      repositoryId: 8,
      repositoryNodeId: 'R_8',
      repository: 'acme/other',
      installationId: 2,
      prefix: 'OTH',
    })
    github.open.set('acme/other', 8)
    expect(await say('/portfolio')).toContain('| acme/other | no task yet |')
  })
})

describe('a group of which nothing may be shown', () => {
  it('is answered as one that there is not, and never meant', async () => {
    const { say, github } = await given()
    const unknown = await say('/portfolio Nowhere at all')
    expect(unknown).toMatch(
      /^confused There is no portfolio or program of the name Nowhere at all that can be shown here\./,
    )
    expect(unknown).toContain(
      'Comment `/portfolio` to see where this project stands, or name one of these: Developer tools, Widgets.',
    )
    for (const name of ['Hidden things', 'Skunkworks', 'Skunkwork', 'hidden thing']) {
      expect((await say(`/portfolio ${name}`)).replaceAll(name, 'Nowhere at all')).toBe(unknown)
    }
    github.open.set('acme/secret', 66)
    expect(await say('/portfolio Skunkwork')).toContain('Did you mean Skunkworks? Comment `/portfolio Skunkworks`.')
    expect(await say('/portfolio "hidden  things"')).toContain('confused')
    expect(await say('/portfolio "hidden things"')).toContain('### Hidden things: no task yet')
  })

  it('over HTTP too', async () => {
    const { post } = await given()
    const refused = await post({ verb: 'portfolio', args: { name: 'Skunkworks' } }, 'claude', null)
    expect(refused).toMatchObject({ status: 404, json: { error: { code: 'no-such-group' } } })
    const meant = await post({ verb: 'portfolio', args: { name: 'Widgts' } }, 'claude', null)
    expect(meant.json.error?.next).toBe(
      'Did you mean Widgets? Send `{"verb": "portfolio", "args": {"name": "Widgets"}}`.',
    )
  })
})

describe('where nothing is grouped', () => {
  it('the answer says what to write, and where', async () => {
    const { say, github, post } = await given()
    github.account = null
    const answer = await say('/portfolio')
    expect(answer).toContain('rocket **acme/widgets stands in no portfolio.**')
    expect(answer).toContain("`.github/muster.yml` of the account's `.github` repository")
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(answer) ?? []
    expect(await post({ verb: 'portfolio' }, 'claude', null)).toMatchObject({ status: 200, json: { portfolios: [] } })
    // What it says to write works as it stands.
    const written = await given()
    written.github.account = example
    expect(await written.say('/portfolio')).toContain('### Tools: 0 of 1 task done')
  })

  it('others are named when they may be shown', async () => {
    const { say, github, push } = await given()
    github.account = FILE.replace('widgets, ', '')
    expect(await say('/portfolio')).not.toContain('Developer tools')
    github.open.set('acme/later', 55)
    await push()
    expect(await say('/portfolio')).toContain(
      'There are Developer tools, Widgets: comment `/portfolio NAME` to see one.',
    )
  })
})

describe('the groups', () => {
  it('are read anew after a push to the account’s file, and after a quarter of an hour without', async () => {
    const { say, github, push, clock } = await given()
    expect(await say('/portfolio')).toContain('### Developer tools')
    github.account = FILE.replace('Developer tools', 'Tools')
    expect(await say('/portfolio')).toContain('### Developer tools')
    await push()
    expect(await say('/portfolio')).toContain('### Tools')
    github.account = FILE.replace('Developer tools', 'Things')
    clock.pass(15 * 60_000)
    expect(await say('/portfolio')).toContain('### Things')
  })

  it('stay as they were while the account’s file is wrong, which is said once', async () => {
    const { say, github, push, post, deps } = await given()
    expect(await say('/portfolio')).toContain('### Developer tools')
    github.account = `${FILE}leese: {}\n`
    await push()
    const answer = await say('/portfolio')
    expect(answer).toContain('### Developer tools')
    expect(answer).toContain("**The account's configuration has an error**, line 10 of")
    expect((await post({ verb: 'portfolio' }, 'claude', null)).json.text).toContain('line 10 of')
    // Where that file is also the project's configuration, comments say so anyway.
    github.configuration = null
    await deps.projects.forgetSettings(7)
    expect((await say('/portfolio')).match(/configuration has an error/g)).toHaveLength(1)
    await deps.projects.forgetSettings(7)
    github.account = FILE
    await push()
    expect(await say('/portfolio')).not.toContain('error')
  })

  it('are not those of before when the file changed while it was read', async () => {
    const { engine, github, deps, clock, push, say } = await given()
    github.account = null
    expect(await say('/portfolio')).toContain('stands in no portfolio')
    await push()
    const slow = createProjectOpener({
      engine,
      log: deps.log,
      now: () => clock.now(),
      facts: {
        ...deps.facts,
        configurationFiles: async (place) => {
          const old = await deps.facts.configurationFiles(place)
          github.account = FILE
          clock.pass(1)
          await push()
          return old
        },
      },
    })
    await slow.groupsOf(PLACE)
    expect(await say('/portfolio')).toContain('### Developer tools')
  })

  it('do not come from the file of a single repository, unless it is the account’s own', async () => {
    const { say, github, deps } = await given()
    github.account = null
    github.configuration = FILE
    expect(await say('/portfolio')).toContain(
      "line 1 of `.github/muster.yml`: portfolios belongs into the account's file",
    )
    github.account = FILE
    await deps.projects.settingsOf(DOT_GITHUB)
    expect(await deps.projects.configurationProblem(3)).toBeNull()
    expect((await deps.projects.groupsOf(PLACE)).portfolios).toHaveLength(2)
  })
})

describe('the operator', () => {
  it('sees everything, and is told what there is', async () => {
    const { store, say, github, push } = await given()
    expect(await portfolioCommand(store, null)).toMatchObject({ exitCode: 0, json: { accounts: [] } })
    expect(await portfolioCommand(store, 'x')).toMatchObject({ exitCode: 1, json: { error: expect.any(String) } })
    await say('/portfolio')
    const all = await portfolioCommand(store, null)
    expect(all.lines).toContain('      acme/other: 0 of 1 task done (0 %); $5.00 and 900 tokens spent; 1 in review')
    expect(all.json).toMatchObject({
      accounts: [{ account: 'acme', wrong_line: null, portfolios: [{ hidden: 0 }, { hidden: 0 }] }],
    })
    const one = await portfolioCommand(store, 'skunkworks')
    expect(one.lines).toEqual([
      'acme',
      '  Hidden things: no task yet',
      '    Skunkworks: 1 project, no task yet',
      '      acme/secret: no task yet',
    ])
    expect(await portfolioCommand(store, 'Skunkwork')).toMatchObject({
      exitCode: 1,
      lines: ['There is no portfolio or program "Skunkwork": did you mean "Skunkworks"?'],
    })
    expect((await portfolioCommand(store, 'Nowhere')).lines[0]).toContain('use one of Developer tools, Widgets')
    github.account = 'portfolios: 3'
    await push()
    await say('/portfolio')
    expect((await portfolioCommand(store, null)).lines[0]).toBe(
      'acme (its configuration has an error in line 1; these are the last good groups)',
    )
  })
})
