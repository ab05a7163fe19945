/** The part of a look that shows how an issue is related to others. It rides in the query that looks at the issue anyway. */
import { taskStream } from '../../../domain/event/envelope.ts'
import type { GraphqlError } from '../client/graphql.ts'
import type { EdgeKind } from '../../../engine/person-change.ts'
import { edgeKey, type EdgeKey } from './edges.ts'

export interface ObservedEdges {
  readonly edges: readonly ObservedEdge[]
  /** Of these nothing was shown, and nothing may be concluded from that. */
  readonly hidden: readonly EdgeKind[]
}

export interface ObservedEdge {
  readonly edge: EdgeKey
  /** Of the other issue. */
  readonly nodeId: string
  /** Where that is: `owner/name`, its id, and the number there. */
  readonly repository: string
  readonly repositoryId: number
  readonly number: number
}

interface Other {
  readonly id: string
  readonly number: number
  readonly repository: { readonly databaseId: number; readonly nameWithOwner: string }
}

/** Members of an issue; absent where GitHub does not know them. */
export interface RelatedIssues {
  readonly parent?: Other | null
  readonly blockedBy?: { readonly nodes: readonly (Other | null)[] } | null
}

const OTHER = 'id number repository { databaseId nameWithOwner }'
/** GitHub takes some fifty. */
export const EDGE_FIELDS = `parent { ${OTHER} } blockedBy(first: 100) { nodes { ${OTHER} } }`

const NAMES: ReadonlySet<string | number> = new Set(['parent', 'blockedBy'])

/** Another issue may be hidden from us: that is no reason not to look at this one. */
export const isAboutEdges = ({ path }: GraphqlError): boolean => path.some((step) => NAMES.has(step))

export const observedEdges = ({ parent, blockedBy }: RelatedIssues, errors: readonly GraphqlError[]): ObservedEdges => {
  const failed = (name: string): boolean => errors.some(({ path }) => path.includes(name))
  const edgeTo = (kind: EdgeKind, { id, number, repository }: Other): ObservedEdge => ({
    edge: edgeKey(kind, taskStream(repository.databaseId, number)),
    nodeId: id,
    repository: repository.nameWithOwner,
    repositoryId: repository.databaseId,
    number,
  })
  return {
    edges: [
      ...(parent ? [edgeTo('parent', parent)] : []),
      ...(blockedBy?.nodes ?? []).flatMap((other) => (other === null ? [] : [edgeTo('blocked-by', other)])),
    ],
    hidden: [
      ...(parent === undefined || failed('parent') ? (['parent'] as const) : []),
      ...(!blockedBy || failed('blockedBy') ? (['blocked-by'] as const) : []),
    ],
  }
}
