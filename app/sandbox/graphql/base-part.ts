/** The roots of the GraphQL schema: viewer, rateLimit, node, repository, and what everything else builds on. */
import { grants, maySee, roleOf } from '../auth/access.ts'
import { actingAccount } from '../auth/caller.ts'
import type { Account } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import type { Repository } from '../model/repository.ts'
import { fullName, repositoryHtml } from '../render/repository.ts'
import { repositoryFormerly } from '../routes/former-place.ts'
import { findRepository } from '../routes/repositories.ts'
import { graphqlFault } from './graphql-fault.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'

const sdl = /* GraphQL */ `
  scalar DateTime
  scalar URI
  scalar HTML
  scalar BigInt
  scalar GitObjectID
  enum OrderDirection {
    ASC
    DESC
  }
  enum RepositoryPermission {
    ADMIN
    MAINTAIN
    READ
    TRIAGE
    WRITE
  }
  interface Node {
    id: ID!
  }
  interface Actor {
    avatarUrl(size: Int): URI!
    login: String!
    resourcePath: URI!
    url: URI!
  }
  interface RepositoryOwner {
    id: ID!
    login: String!
    url: URI!
  }
  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
  }
  type RateLimit {
    cost: Int!
    limit: Int!
    nodeCount: Int!
    remaining: Int!
    resetAt: DateTime!
    used: Int!
  }
  type User implements Node & Actor & RepositoryOwner {
    id: ID!
    databaseId: Int
    login: String!
    name: String
    avatarUrl(size: Int): URI!
    resourcePath: URI!
    url: URI!
  }
  type Bot implements Node & Actor {
    id: ID!
    databaseId: Int
    login: String!
    avatarUrl(size: Int): URI!
    resourcePath: URI!
    url: URI!
  }
  type Organization implements Node & Actor & RepositoryOwner {
    id: ID!
    databaseId: Int
    login: String!
    name: String
    avatarUrl(size: Int): URI!
    resourcePath: URI!
    url: URI!
  }
  type Repository implements Node {
    id: ID!
    databaseId: Int
    name: String!
    nameWithOwner: String!
    isPrivate: Boolean!
    description: String
    owner: RepositoryOwner!
    url: URI!
    createdAt: DateTime!
    viewerPermission: RepositoryPermission
  }
  type Query {
    viewer: User!
    rateLimit: RateLimit
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  }
  type Mutation
`

export const basePart: GraphqlPart = {
  sdl,
  resolvers: {
    Query: {
      viewer: (_source, _args, c) => actorSource(viewerOf(c)),
      rateLimit: (_source, _args, c) => {
        const { limit, used, remaining, reset } = c.world.limits.budget(c.caller, 'graphql')
        return { ...c.cost, limit, used, remaining, resetAt: reset * 1000 }
      },
      repository: (_source, args, c) => {
        const [owner, name] = [String(args['owner']), String(args['name'])]
        const renamed = args['followRenames'] === false ? undefined : repositoryFormerly(c.world, c.caller, owner, name)
        const repository = findRepository(c.world, c.caller, owner, name) ?? renamed
        if (!repository)
          throw graphqlFault('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
        return { __typename: 'Repository', ...repository }
      },
    },
    User: accountFields('User'),
    Bot: accountFields('Bot'),
    Organization: accountFields('Organization'),
    Repository: {
      id: (one: Repository) => nodeId('Repository', one.id),
      databaseId: (one: Repository) => one.id,
      nameWithOwner: (one: Repository, _args, c) => fullName(c.world, one),
      isPrivate: (one: Repository) => one.private,
      owner: (one: Repository, _args, c) => actorById(c, one.ownerId),
      url: (one: Repository, _args, c) => repositoryHtml(c.world, one),
      createdAt: (one: Repository) => one.createdAt,
      viewerPermission: (one: Repository, _args, c) => {
        if (c.caller.kind === 'user') return roleOf(one, c.caller.userId).toUpperCase()
        return 'permissions' in c.caller && grants(c.caller.permissions, { contents: 'write' }) ? 'WRITE' : 'READ'
      },
    },
  },
  nodes: {
    Repository: (key, c) => {
      const repository = c.world.state.repositories.get(Number(key))
      return repository && maySee(c.world, c.caller, repository) ? { __typename: 'Repository', ...repository } : null
    },
    User: (key, c) => actorById(c, Number(key)),
    Bot: (key, c) => actorById(c, Number(key)),
    Organization: (key, c) => actorById(c, Number(key)),
  },
}

/** The account as an Actor's source; null where GitHub shows a ghost. */
export function actorById(c: GraphqlContext, id: number | null) {
  const account = id === null ? undefined : c.world.state.accounts.get(id)
  return account ? actorSource(account) : null
}

function actorSource(account: Account) {
  return { __typename: account.type, ...account }
}

function viewerOf(c: GraphqlContext): Account {
  const account = actingAccount(c.world.state, c.caller)
  if (!account) throw graphqlFault('FORBIDDEN', 'Resource not accessible by integration')
  return account
}

function accountFields(kind: Account['type']) {
  return {
    id: (one: Account) => nodeId(kind, one.id),
    databaseId: (one: Account) => one.id,
    // REST says "muster[bot]", a GraphQL Bot says "muster"; only `viewer`, a User by its type, keeps the suffix.
    login: (one: Account) => (kind === 'Bot' ? one.login.replace(/\[bot\]$/, '') : one.login),
    avatarUrl: (one: Account, _args: unknown, c: GraphqlContext) => `${c.world.origin()}/_sandbox/avatars/${one.id}`,
    resourcePath: (one: Account) => pathOf(one),
    url: (one: Account, _args: unknown, c: GraphqlContext) => `${c.world.origin()}${pathOf(one)}`,
  }
}

function pathOf(account: Account): string {
  return account.type === 'Bot' ? `/apps/${account.login.replace(/\[bot\]$/, '')}` : `/${account.login}`
}
