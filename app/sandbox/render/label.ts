/** Labels and milestones as REST shows them. */
import type { Schema } from '../http/description-types.ts'
import { nodeId } from '../model/ids.ts'
import type { Label, Milestone, Repository } from '../model/repository.ts'
import { isoSeconds, isoSecondsOrNull } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'
import { repositoryHtml, repositoryUrl } from './repository.ts'

export function renderLabel(world: World, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  } satisfies Schema<'label'>
}

export function renderMilestone(world: World, repository: Repository, milestone: Milestone) {
  const issues = world.state.issues.where((one) => one.milestoneId === milestone.id)
  const url = `${repositoryUrl(world, repository)}/milestones/${milestone.number}`
  return {
    url,
    html_url: `${repositoryHtml(world, repository)}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId('Milestone', milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    creator: renderAccountId(world, milestone.creatorId),
    open_issues: issues.filter((one) => one.state === 'open').length,
    closed_issues: issues.filter((one) => one.state === 'closed').length,
    state: milestone.state,
    created_at: isoSeconds(milestone.createdAt),
    updated_at: isoSeconds(milestone.updatedAt),
    closed_at: isoSecondsOrNull(milestone.closedAt),
    due_on: isoSecondsOrNull(milestone.dueOn),
  } satisfies Schema<'milestone'>
}
