/** An account's portfolio from the front door: grouped in a commit, read in a thread, and nothing of a private project told to whoever may not see it. */
import { afterEach, expect, it } from 'vitest'
import { portfolioCommand } from '../../app/inbound/cli/portfolio.ts'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const FILE = `# How Acme's work is grouped
portfolios:
  - name: Developer tools
    programs:
      - name: Widgets
        projects: [widgets, gears]
      - name: Skunkworks
        projects: [acme/secret]
      - name: Community
        projects: [acme/.github]
`

const write = async (p: Play, repository: string, text: string): Promise<void> => {
  const path = `/repos/acme/${repository}/contents/.github/muster.yml`
  const { json } = await p.as('alice').get(path)
  const content = Buffer.from(text).toString('base64')
  const { status } = await p
    .as('alice')
    .put(path, { message: 'Configure', content, sha: (json as { sha?: string }).sha })
  expect(status).toBeLessThan(300)
}

/** The answer that the last comment got. */
const lastOf = (thread: string): string => thread.split('\n\n[').at(-1) ?? ''

const inSecret = async (p: Play, title: string, text: string): Promise<number> => {
  const { json } = await p.as('alice').post('/repos/acme/secret/issues', { title })
  const { number } = json as { number: number }
  await p.as('alice').post(`/repos/acme/secret/issues/${number}/comments`, { body: text })
  await p.quiet()
  return number
}

it('a reader sees how the portfolio of the project stands, without what not everybody here may see', async () => {
  const p = (open = await play())
  const issue = await p.issue('Round the sums')
  const second = await p.issue('Name the widgets')
  await p.say('alice', issue, '/task\n/ready\n/claim')
  await p.say('alice', second, '/task\n/ready')
  await p.quiet()
  await p.say('alice', issue, '/succeed cost=$4.20 tokens=120k')
  await p.say('dave', second, '/portfolio')
  await p.quiet()
  expect(lastOf(await p.thread(second))).toContain('**acme/widgets stands in no portfolio.**')

  await write(p, '.github', FILE)
  await inSecret(p, 'Nobody may know', '/task\n/ready\n/claim\n/succeed cost=$77 tokens=9')
  await p.say('dave', second, '/portfolio')
  await p.quiet()
  const answer = lastOf(await p.thread(second))
  expect(answer).toMatchInlineSnapshot(`
    "muster[bot]]
    ### Developer tools: 0 of 2 tasks done (0 %); $4.20 and 120,000 tokens spent

    <details open>
    <summary>2 programs, 2 projects and 2 more that not everybody here may see</summary>

    | | done | not done | spent | reserved |
    |---|---|---|--:|--:|
    | **Widgets** | | | | |
    | acme/widgets | 0 of 2 (0 %) | 1 ready, 1 in review | $4.20, 120,000 tokens |  |
    | _and 1 more that not everybody here may see_ | | | | |
    | **Community** | | | | |
    | acme/.github | no task yet |  |  |  |

    Figures are of the projects shown here.

    </details>"
  `)
  for (const hidden of ['secret', 'Skunkworks', '77']) expect(answer).not.toContain(hidden)
  // Where it is at home, the private project is shown too.
  const there = await inSecret(p, 'Look', '/muster portfolio')
  const replies = p.sandbox.state.comments
    .all()
    .filter(({ issueId }) => {
      const found = p.sandbox.state.issues.get(issueId)
      return found?.number === there && found.repositoryId === p.sandbox.seed.repositories.secret.id
    })
    .map(({ body }) => body)
  expect(replies.at(-1)).toContain('| acme/secret | 0 of 1 (0 %) | 1 in review | $77.00, 9 tokens |')

  const ask = await p.agent('claude')
  expect(await ask({ verb: 'portfolio', args: { name: 'widgets' } })).toMatchObject({
    status: 200,
    json: { portfolios: [{ name: 'Developer tools', programs: [{ name: 'Widgets', hidden: 1, tasks: 2 }] }] },
  })
  expect(await ask({ verb: 'portfolio', args: { name: 'Skunkworks' } })).toMatchObject({
    status: 404,
    json: { error: { code: 'no-such-group', next: expect.not.stringContaining('Skunkworks') } },
  })
  expect((await portfolioCommand(p.app.store, null)).lines).toMatchInlineSnapshot(`
    [
      "acme",
      "  Developer tools: 0 of 3 tasks done (0 %); $81.20 and 120,009 tokens spent",
      "    Widgets: 2 projects, 0 of 2 tasks done (0 %); $4.20 and 120,000 tokens spent",
      "      acme/widgets: 0 of 2 tasks done (0 %); $4.20 and 120,000 tokens spent; 1 ready, 1 in review",
      "      acme/gears: no task yet",
      "    Skunkworks: 1 project, 0 of 1 task done (0 %); $77.00 and 9 tokens spent",
      "      acme/secret: 0 of 1 task done (0 %); $77.00 and 9 tokens spent; 1 in review",
      "    Community: 1 project, no task yet",
      "      acme/.github: no task yet",
    ]
  `)
}, 60_000)

it('a project with a file of its own is grouped by the account’s, and a broken one changes nothing', async () => {
  const p = (open = await play())
  const issue = await p.issue('One')
  await write(p, '.github', FILE)
  await p.quiet()
  await p.say('alice', issue, '/task')
  await p.quiet()
  await write(p, '.github', `${FILE}      - name: Twice\n        projects: [Widgets]\n`)
  await p.quiet()
  await p.say('dave', issue, '/portfolio community')
  await p.say('dave', issue, '/portfolio Widgts')
  await p.quiet()
  const broken = await p.thread(issue)
  expect(broken).toContain('### Developer tools › Community')
  expect(broken).toContain("**The account's configuration has an error**, line 12 of")
  expect(broken).toContain('Did you mean Widgets? Comment `/portfolio Widgets`.')
  await write(p, '.github', FILE.replace('Developer tools', 'Tools'))
  await p.quiet()
  await p.say('dave', issue, '/portfolio')
  await p.quiet()
  expect(lastOf(await p.thread(issue))).toContain('### Tools: 0 of 1 task done (0 %)')
  await write(p, 'widgets', `key: DEV\n${FILE}`)
  await p.quiet()
  await p.say('dave', issue, '/show')
  await p.quiet()
  expect(lastOf(await p.thread(issue))).toMatch(
    /line 3 of `.github\/muster.yml`: portfolios belongs into the account's file/,
  )
}, 60_000)
