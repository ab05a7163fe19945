/**
 * Writes app/sandbox/description/graphql.generated.json: of GitHub's public GraphQL schema, the types that the sandbox's
 * schema names, without prose. A test holds every field, argument and enum value of ours to it. `--check` compares.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { AREAS } from '../app/sandbox/areas.ts'
import { describeSchema } from '../app/sandbox/graphql/describe-schema.ts'
import { createSchema } from '../app/sandbox/graphql/schema.ts'

const PACKAGE = '@octokit/graphql-schema@15.26.1'
const TARGET = new URL('../app/sandbox/description/graphql.generated.json', import.meta.url)

function fetchSchema(): string {
  const folder = mkdtempSync(join(tmpdir(), 'github-graphql-'))
  try {
    execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: folder })
    const archive = `octokit-graphql-schema-${PACKAGE.split('@').at(-1)}.tgz`
    execFileSync('tar', ['xzf', archive, 'package/schema.graphql'], { cwd: folder })
    return readFileSync(join(folder, 'package/schema.graphql'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const ours = describeSchema(createSchema(AREAS.flatMap((area) => area.graphql ?? [])))
const theirs = describeSchema(buildSchema(fetchSchema(), { assumeValidSDL: true }))
const types = Object.fromEntries(Object.keys(ours).flatMap((name) => (theirs[name] ? [[name, theirs[name]]] : [])))
const text = `${JSON.stringify({ source: PACKAGE, types })}\n`

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('graphql.generated.json is not what the schema needs: run npm run gen:github-description')
    process.exitCode = 1
  }
} else {
  writeFileSync(TARGET, text)
  console.log(`wrote ${TARGET.pathname}, ${Math.round(text.length / 1024)} KB`)
}
