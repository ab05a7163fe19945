/**
 * `npm run conformance -- owner/test-repository`: whether GitHub behaves as Muster takes for granted, looked at with a person's
 * own token. Opens some issues and pull requests there and closes them again. Exit code 0: all as expected, 1: something is
 * not, 2: it could not be seen.
 */
import { parseArgs } from 'node:util'
import { ASSUMPTIONS } from './assumptions.ts'
import { lookAtAll, type Finding } from './look-at-all.ts'
import { createPlace } from './place.ts'

const USAGE = 'npm run conformance -- owner/test-repository [--only ID] [--json] [--any-name], with GITHUB_TOKEN set'

const { values, positionals } = readFlags()
const [owner, repo, ...rest] = (positionals[0] ?? '').split('/')
const token = process.env['GITHUB_TOKEN'] ?? ''
if (!owner || !repo || rest.length > 0 || positionals.length !== 1) refuse(`name one repository: ${USAGE}`)
const chosen = ASSUMPTIONS.filter(({ id }) => values.only === undefined || id === values.only)
if (chosen.length === 0) refuse(`there is no "${values.only}"; there are ${ASSUMPTIONS.map(({ id }) => id).join(', ')}`)
if (token === '') refuse(`no GITHUB_TOKEN: make one that may write issues, pull requests and contents there; ${USAGE}`)
if (!/test|sandbox/i.test(repo) && values['any-name'] !== true)
  refuse(
    `${owner}/${repo} does not look like one for tests, and it will be written to: say --any-name if that is meant`,
  )

const apiUrl = (process.env['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, '')
const place = createPlace({ apiUrl, token, owner, repo })
const known = await place.octokit.rest.repos.get(place.at).then(
  () => null,
  (error: { readonly status?: number }) => `${apiUrl} answered ${error.status ?? 'nothing'} for ${owner}/${repo}`,
)
if (known !== null) refuse(`${known}: check the name and what the token may do`)

const findings = await lookAtAll(chosen, place, (finding) => {
  if (values.json !== true) console.log(lineOf(finding))
})
const of = (outcome: Finding['outcome']): number => findings.filter((finding) => finding.outcome === outcome).length
if (values.json === true) console.log(JSON.stringify({ repository: `${owner}/${repo}`, apiUrl, findings }, null, 2))
else console.log(`\n${of('holds')} as expected, ${of('differs')} different, ${of('unknown')} not seen`)
process.exitCode = of('differs') > 0 ? 1 : of('unknown') > 0 ? 2 : 0

function lineOf(finding: Finding): string {
  const { id, is } = finding
  switch (finding.outcome) {
    case 'holds':
      return `✓ ${id}`
    case 'differs':
      return `✗ ${id}: ${is}\n    expected ${JSON.stringify(finding.expected)}\n    seen     ${JSON.stringify(finding.seen)}`
    case 'unknown':
      return `? ${id}: ${is}\n    could not be seen: ${finding.why}`
  }
}

function readFlags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, only: { type: 'string' }, 'any-name': { type: 'boolean' } },
    })
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}; ${USAGE}`)
  }
}

function refuse(why: string): never {
  console.error(`conformance: ${why}`)
  process.exit(2)
}
