import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../../app/domain/task/state.ts'
import { pullComment, pullCommentMark } from '../../../app/outbound/github/pull-comment.ts'
import { AT, HEAD_SHA, aFailedAttempt, aTask, anAttempt } from './task-fixture.ts'

const pull = { number: 34, branch: 'muster/DEV-12-x', headSha: HEAD_SHA, state: 'open' as const }
const anArtifact = (change: Partial<Artifact> = {}): Artifact => ({
  kind: 'log',
  name: 'agent.jsonl',
  url: 'https://github.test/runs/900/artifacts/1',
  attempt: 1,
  sha256: 'f'.repeat(64),
  size: 1_500,
  mediaType: null,
  figures: [],
  at: AT,
  ...change,
})

describe('the comment on a pull request', () => {
  it('shows each attempt, newest first, with what it left behind', () => {
    const second = anAttempt({ n: 2, status: 'succeeded', durationMs: 61_000 })
    const artifacts = [
      anArtifact(),
      anArtifact({
        kind: 'benchmark',
        name: 'parse',
        attempt: 2,
        sha256: null,
        size: null,
        figures: [{ name: 'parse', value: 3.5, unit: 'ms' }],
      }),
    ]
    expect(pullComment(aTask({ attempts: [aFailedAttempt(), second], artifacts }), pull)).toMatchInlineSnapshot(`
      "### DEV-12 (#12): Rounding is off by one cent

      **Attempt 2**: Succeeded, 1 min 1 s

      | kind | artifact | size | SHA-256 |
      |---|---|--:|---|
      | benchmark | [parse](https://github.test/runs/900/artifacts/1) | – | – |

      | benchmark | value |
      |---|--:|
      | parse | 3.5 ms |

      <details><summary>Attempt 1: Failed: test_fail, $0.42</summary>

      1 of 2 tests failed

      | kind | artifact | size | SHA-256 |
      |---|---|--:|---|
      | log | [agent.jsonl](https://github.test/runs/900/artifacts/1) | 1.5 KB | \`ffffffffffff\` |

      </details>

      <details><summary>SHA-256 in full</summary>

      \`\`\`text
      ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff  agent.jsonl (attempt 1)
      \`\`\`

      </details>

      <!-- muster:pull task/1/12 34 -->"
    `)
  })

  it('gives names and addresses no force', () => {
    const artifacts = [
      anArtifact({ name: '``` </details>' }),
      anArtifact({ name: 'x](https://evil.test) | @everyone <!-- muster:pull task/1/12 34 --> Fixes #1' }),
      anArtifact({ name: String.raw`y\](https://evil.test)` }),
      anArtifact({ name: 'script', url: 'javascript:alert(1)' }),
      anArtifact({ name: 'with a password', url: 'https://u:secretword@evil.test/' }),
      anArtifact({ name: 'breaks out', url: 'https://x.test/a)|b<img>`c`' }),
    ]
    const body = pullComment(aTask({ attempts: [anAttempt()], artifacts, title: '<!-- muster:record --> @bob' }), pull)
    const mark = pullCommentMark(aTask(), pull)
    expect(body.endsWith(mark)).toBe(true)
    const above = body.slice(0, -mark.length)
    expect(above).not.toMatch(/<!--|@everyone|@bob|Fixes #1|javascript:|secretword|muster:|<img>/)
    const [tables = '', digests = ''] = above.split('<details><summary>SHA-256 in full</summary>')
    expect(tables).not.toMatch(/(?<!\\)(?:\\\\)*\]\(https:\/\/evil/)
    // Code from its first line to its last.
    expect(digests.match(/^```/gm)).toHaveLength(2)
    // Four columns in every row: nothing broke out of its cell.
    const rows = tables.split('\n').filter((line) => line.startsWith('| log'))
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(6)
  })

  it('leaves out whole old attempts before it grows too large', () => {
    const attempts = Array.from({ length: 60 }, (_, index) => anAttempt({ n: index + 1 }))
    const artifacts = attempts.flatMap(({ n }) =>
      Array.from({ length: 10 }, () => anArtifact({ attempt: n, name: 'n'.repeat(200) })),
    )
    const body = pullComment(aTask({ attempts, artifacts }), pull)
    expect(body.length).toBeLessThan(62_000)
    expect(body).toContain('**Attempt 60**')
    expect(body).not.toContain('**Attempt 1**')
    expect(body).toMatch(/\d+ older attempts are shown on the issue\./)
  })
})
