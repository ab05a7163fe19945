import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AREAS } from '../../app/sandbox/areas.ts'
import { describeSchema, type SchemaDescription } from '../../app/sandbox/graphql/describe-schema.ts'
import { NEWER } from '../../app/sandbox/graphql/newer-than-described.ts'
import { createSchema } from '../../app/sandbox/graphql/schema.ts'

const file = new URL('../../app/sandbox/description/graphql.generated.json', import.meta.url)
const { types: theirs } = JSON.parse(readFileSync(file, 'utf8')) as { types: SchemaDescription }
const ours = describeSchema(createSchema(AREAS.flatMap((area) => area.graphql ?? [])))

/** What of ours GitHub's published schema does not have, or has otherwise: `Issue.teapots`, `Issue.title: String not String!`. */
function departures(mine: SchemaDescription): string[] {
  return Object.entries(mine).flatMap(([type, members]) => {
    const published = theirs[type]
    if (!published) return [type]
    return Object.entries(members).flatMap(([name, is]) => {
      if (!(name in published)) return [`${type}.${name}`]
      return published[name] === is ? [] : [`${type}.${name}: ${is} not ${published[name]}`]
    })
  })
}

describe('the GraphQL schema', () => {
  it('has nothing that GitHub’s published schema has not, but what is stated to be newer', () => {
    expect(departures(ours).filter((one) => !NEWER.some((newer) => newer.what.test(one)))).toEqual([])
  })

  it('states no newer thing that the published schema knows by now', () => {
    for (const newer of NEWER) expect(departures(ours).some((one) => newer.what.test(one))).toBe(true)
  })

  it('is found out when a field departs', () => {
    const broken = { ...ours, Issue: { ...ours['Issue'], teapots: 'Int', title: 'Int' } }
    expect(departures(broken)).toEqual(expect.arrayContaining(['Issue.teapots', 'Issue.title: Int not String!']))
  })
})
