/** Git objects by expression (`HEAD:README.md`, `<sha>:path`) and branches, as far as reading files and heads needs them. */
import { grants } from '../auth/access.ts'
import { type GitObject, readObjects } from '../git/git-objects.ts'
import { readRef } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { nodeId } from '../model/ids.ts'
import type { Repository } from '../model/repository.ts'
import { graphqlFault } from './graphql-fault.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'

/** GitHub cuts `text` above this. */
const MAX_TEXT_BYTES = 512 * 1024

const sdl = /* GraphQL */ `
  interface GitObject {
    id: ID!
    oid: GitObjectID!
  }
  type Blob implements GitObject {
    id: ID!
    oid: GitObjectID!
    byteSize: Int!
    isBinary: Boolean
    isTruncated: Boolean!
    text: String
  }
  type Tree implements GitObject {
    id: ID!
    oid: GitObjectID!
  }
  type Commit implements GitObject {
    id: ID!
    oid: GitObjectID!
  }
  type Tag implements GitObject {
    id: ID!
    oid: GitObjectID!
  }
  type Ref {
    id: ID!
    name: String!
    target: GitObject
  }
  extend type Repository {
    defaultBranchRef: Ref
    object(expression: String, oid: GitObjectID): GitObject
    ref(qualifiedName: String!): Ref
  }
`

interface Found extends GitObject {
  readonly __typename: string
}

interface FoundRef {
  readonly repository: Repository
  readonly name: string
  readonly sha: string
}

const identity = {
  id: (one: GitObject) => nodeId('Commit', one.sha),
  oid: (one: GitObject) => one.sha,
}

export const gitObjectPart: GraphqlPart = {
  sdl,
  resolvers: {
    Repository: {
      object: async (one: Repository, args, c) => {
        mayRead(c, one)
        const name = args['expression'] ?? args['oid']
        if (typeof name !== 'string') return null
        return objectAt(c, one, name.startsWith('HEAD') ? one.defaultBranch + name.slice(4) : name)
      },
      defaultBranchRef: (one: Repository, _args, c) => branch(c, one, `refs/heads/${one.defaultBranch}`),
      ref: (one: Repository, args, c) => branch(c, one, String(args['qualifiedName'])),
    },
    Ref: {
      id: (one: FoundRef) => nodeId('Ref', `${one.repository.id}/${one.name}`),
      target: (one: FoundRef, _args, c) => objectAt(c, one.repository, one.sha),
    },
    Blob: {
      ...identity,
      byteSize: (one: GitObject) => one.content.length,
      isBinary: (one: GitObject) => one.content.includes(0),
      isTruncated: (one: GitObject) => one.content.length > MAX_TEXT_BYTES,
      text: (one: GitObject) =>
        one.content.includes(0) ? null : one.content.subarray(0, MAX_TEXT_BYTES).toString('utf8'),
    },
    Tree: identity,
    Commit: identity,
    Tag: identity,
  },
}

/** The files of a private repository need the permission for contents; those of a public one anybody reads. */
function mayRead(c: GraphqlContext, repository: Repository): void {
  const limited = c.caller.kind === 'installation' || c.caller.kind === 'workflow'
  if (limited && repository.private && !grants(c.caller.permissions, { contents: 'read' }))
    throw graphqlFault('FORBIDDEN', 'Resource not accessible by integration')
}

const KINDS: Readonly<Record<string, string>> = { blob: 'Blob', tree: 'Tree', commit: 'Commit', tag: 'Tag' }

async function objectAt(c: GraphqlContext, repository: Repository, name: string): Promise<Found | null> {
  const [found] = await readObjects(gitOf(c.world.state, repository), [name])
  return found ? { __typename: KINDS[found.type] ?? 'Blob', ...found } : null
}

async function branch(c: GraphqlContext, repository: Repository, ref: string): Promise<FoundRef | null> {
  mayRead(c, repository)
  const full = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
  const sha = await readRef(gitOf(c.world.state, repository), full)
  return sha === undefined ? null : { repository, name: full.replace(/^refs\/(?:heads|tags)\//, ''), sha }
}
