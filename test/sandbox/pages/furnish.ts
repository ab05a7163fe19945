/** A task's life as the pages meet it: a thread with a status card, labels, relations, a pull request, a failed check. */
import { type Started, WIDGETS } from '../start-sandbox.ts'

export const STATUS_CARD = `### DEV-1: 🔴 Needs a person

Held by **claude** until 14:30. Next: type \`/retry\` or \`/fail\`.

- [x] reproduce
- [ ] fix

| # | status | failure | duration | tokens | cost |
|--:|:--|:--|--:|--:|--:|
| 1 | ❌ failed | \`test_fail\` | 4m 12s | 120,431 | $0.84 |
| 2 | ⏳ running | | 1m 02s | 20,002 | $0.11 |

<details><summary>Log of attempt 1</summary>

\`\`\`ts
expect(slug('A  B')).toBe('a-b') // <b>not bold</b>
\`\`\`

</details>

**Depends on**: DEV-2 (open), see #2 and acme/widgets#2, ask @bob

\`\`\`mermaid
graph LR
  task["DEV-1"]
  d0["DEV-2"]:::open --> task
\`\`\`

> Quoted words, ~~struck~~, https://example.com/log

<!-- muster:record v1 kid=k1 rev=7 {"secretly":"hidden"} -->`

export interface Furnished {
  /** Issue 1 has the card; issue 2 blocks it; issue 3 is its sub-issue. */
  readonly pull: number
  readonly headSha: string
  readonly runId: number
  readonly cardId: number
}

const LABELS = [
  ['status/needs_human', 'b60205'],
  ['priority/p1', 'fbca04'],
  ['tier/simple', 'c5def5'],
] as const

export async function furnish({
  as,
  branch,
  commit,
  plant,
}: Pick<Started, 'as' | 'branch' | 'commit' | 'plant'>): Promise<Furnished> {
  for (const [name, color] of LABELS)
    await as('muster').post(`${WIDGETS}/labels`, { name, color, description: `About ${name}` })
  await as('bob').post(`${WIDGETS}/issues`, {
    title: 'Slugs keep double spaces',
    body: 'Two spaces give two dashes.\nOne is enough.',
  })
  const { json: second } = await as('bob').post(`${WIDGETS}/issues`, { title: 'Agree on slugs' })
  const { json: third } = await as('alice').post(`${WIDGETS}/issues`, { title: 'Write a test first' })
  await as('muster').post(`${WIDGETS}/issues/1/labels`, { labels: LABELS.map(([name]) => name) })
  await as('bob').post(`${WIDGETS}/issues/1/dependencies/blocked_by`, { issue_id: second.id })
  await as('bob').post(`${WIDGETS}/issues/1/sub_issues`, { sub_issue_id: third.id })
  const { json: card } = await as('muster').post(`${WIDGETS}/issues/1/comments`, { body: 'Working on it …' })
  await as('muster').patch(`${WIDGETS}/issues/comments/${card.id}`, { body: STATUS_CARD })
  const { json: asked } = await as('carol').post(`${WIDGETS}/issues/1/comments`, { body: '/claim' })
  await as('muster').post(`${WIDGETS}/issues/comments/${asked.id}/reactions`, { content: 'rocket' })

  const lines = Array.from({ length: 20 }, (_, i) => `export const line${i + 1} = ${i + 1}`)
  await plant({ 'src/slug.ts': `${lines.join('\n')}\n` })
  await branch('muster/DEV-1-slugs')
  const changed = lines.with(9, "export const slug = (text: string) => text.replaceAll(' ', '-')")
  const headSha = await commit('muster/DEV-1-slugs', 'src/slug.ts', `${changed.join('\n')}\n`)
  const { json: pull } = await as('claude').post(`${WIDGETS}/pulls`, {
    title: 'Fold spaces in slugs',
    body: 'Closes #1\n\nOne dash for any number of spaces.',
    head: 'muster/DEV-1-slugs',
    base: 'main',
  })
  await as('muster').post(`${WIDGETS}/check-runs`, { name: 'muster', head_sha: headSha, status: 'in_progress' })
  const { json: run } = await as('muster').post(`${WIDGETS}/check-runs`, {
    name: 'muster / DEV-1 #1',
    head_sha: headSha,
    conclusion: 'failure',
    output: {
      title: 'test_fail · $0.84',
      summary: '| tokens | cost |\n|--:|--:|\n| 120,431 | $0.84 |',
      text: '```\n1 test failed\n```',
      annotations: [
        {
          path: 'src/slug.ts',
          start_line: 10,
          end_line: 10,
          annotation_level: 'failure',
          title: 'slug folds spaces',
          message: "expected 'a--b' to be 'a-b'",
          raw_details: 'AssertionError\n    at slug.test.ts:4:7',
        },
      ],
    },
    actions: [
      { label: 'Retry', description: 'Run the agent once more', identifier: 'retry' },
      { label: 'Escalate', description: 'Ask a person', identifier: 'escalate' },
    ],
  })
  return { pull: pull.number, headSha, runId: run.id, cardId: card.id }
}
