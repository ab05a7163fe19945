/** Mutations of labels, the repository's own and those on issues and pull requests. */
import { demandAccess } from '../auth/access.ts'
import { addLabelIds, createLabel, deleteLabel, removeLabelIds, updateLabel } from '../changes/labels.ts'
import type { Issue } from '../model/issue.ts'
import type { Label, Repository } from '../model/repository.ts'
import { graphqlFault } from './graphql-fault.ts'
import { issueSource } from './issue-source.ts'
import { mutation, mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { demandOnIssue, issueOfId, labelOfId, repositoryOfId } from './subject.ts'

const sdl = [
  mutationSdl('createLabel', 'color: String! description: String name: String! repositoryId: ID!', 'label: Label'),
  mutationSdl('updateLabel', 'color: String description: String id: ID! name: String', 'label: Label'),
  mutationSdl('deleteLabel', 'id: ID!', ''),
  mutationSdl('addLabelsToLabelable', 'labelIds: [ID!]! labelableId: ID!', 'labelable: Labelable'),
  mutationSdl('removeLabelsFromLabelable', 'labelIds: [ID!]! labelableId: ID!', 'labelable: Labelable'),
  mutationSdl('clearLabelsFromLabelable', 'labelableId: ID!', 'labelable: Labelable'),
].join('\n')

export const labelMutations: GraphqlPart = {
  sdl,
  resolvers: {
    Mutation: {
      createLabel: mutation((input, c) => {
        const repository = repositoryOfId(c, String(input['repositoryId']))
        demandOnLabels(c, repository)
        const { name, color, description } = input
        return {
          label: createLabel(c, repository, {
            name: String(name),
            color: String(color),
            ...(typeof description === 'string' && { description }),
          }),
        }
      }),
      updateLabel: mutation((input, c) => {
        const { label, repository } = labelWithRepository(c, input['id'])
        const { name, color, description } = input
        const change = {
          ...(typeof name === 'string' && { name }),
          ...(typeof color === 'string' && { color }),
          ...(typeof description === 'string' && { description }),
        }
        return { label: updateLabel(c, repository, label, change) }
      }),
      deleteLabel: mutation((input, c) => {
        const { label, repository } = labelWithRepository(c, input['id'])
        deleteLabel(c, repository, label)
        return {}
      }),
      addLabelsToLabelable: mutation((input, c) => {
        const issue = labelable(c, input)
        return { labelable: issueSource(addLabelIds(c, issue, labelIds(c, issue, input))) }
      }),
      removeLabelsFromLabelable: mutation((input, c) => {
        const issue = labelable(c, input)
        return { labelable: issueSource(removeLabelIds(c, issue, labelIds(c, issue, input))) }
      }),
      clearLabelsFromLabelable: mutation((input, c) => {
        const issue = labelable(c, input)
        return { labelable: issueSource(removeLabelIds(c, issue, issue.labelIds)) }
      }),
    },
  },
}

function labelable(c: GraphqlContext, input: Readonly<Record<string, unknown>>): Issue {
  const issue = issueOfId(c, String(input['labelableId']))
  demandOnIssue(c, issue, 'write', 'triage')
  return issue
}

/** A label of another repository is not found, as on GitHub. */
function labelIds(c: GraphqlContext, issue: Issue, input: Readonly<Record<string, unknown>>): number[] {
  const ids = Array.isArray(input['labelIds']) ? input['labelIds'] : []
  return ids.map((id) => {
    const label = labelOfId(c, String(id))
    if (label.repositoryId !== issue.repositoryId)
      throw graphqlFault('NOT_FOUND', `Could not resolve to a Label of this repository with the id '${String(id)}'.`)
    return label.id
  })
}

function labelWithRepository(c: GraphqlContext, id: unknown): { label: Label; repository: Repository } {
  const label = labelOfId(c, String(id))
  const repository = c.world.state.repositories.get(label.repositoryId)
  if (!repository) throw graphqlFault('NOT_FOUND', 'Could not resolve to a Repository.')
  demandOnLabels(c, repository)
  return { label, repository }
}

function demandOnLabels(c: GraphqlContext, repository: Repository): void {
  const permission = { issues: 'write', pull_requests: 'write' } as const
  demandAccess(c.world, c.caller, repository, { permission, role: 'write', write: true })
}
