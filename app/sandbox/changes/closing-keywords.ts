/** Which issues a text promises to close: `Closes #12`, `fixes: acme/widgets#3`, and addresses of issues. */
import { covers } from '../auth/access.ts'
import type { Issue } from '../model/issue.ts'
import type { Pull } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { fullName } from '../render/repository.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { issueOfPull } from '../render/pull.ts'
import type { World } from '../world.ts'
import { type Doer, doerIs } from './doer.ts'

const CLOSING =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:https?:\/\/[^/\s]+\/([\w.-]+\/[\w.-]+)\/issues\/|([\w.-]+\/[\w.-]+)?#|GH-)(\d+)\b/gi

/** GitHub reads no keywords in code and in what is not shown. Fences, then spans, then comments. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:[\s\S]*?\n)?? {0,3}\1[^\n]*$/gm, ' ')
    .replaceAll(/(`+)[^`][\s\S]*?\1/g, ' ')
    .replaceAll(/<!--[\s\S]*?-->/g, ' ')
}

/** The issues and pull requests that a text closes, each once, in their order in the text. */
export function closingReferences(world: World, repository: Repository, text: string): readonly Issue[] {
  const found = new Map<number, Issue>()
  for (const [, address, name, number] of withoutCode(text).matchAll(CLOSING)) {
    const where = (address ?? name ?? fullName(world, repository)).toLowerCase()
    const issue = world.state.issues.find((one) => {
      const home = world.state.repositories.get(one.repositoryId)
      return one.number === Number(number) && home !== undefined && fullName(world, home).toLowerCase() === where
    })
    if (issue) found.set(issue.id, issue)
  }
  return [...found.values()]
}

/** Of what a text closes, what this doer may: in other repositories only where the doer has a say. */
export function closableBy(doer: Doer, home: Repository, issues: readonly Issue[]): readonly Issue[] {
  const { world, caller } = doer
  return issues.filter((issue) => {
    const there = repositoryOfIssue(world, issue)
    if (there.id === home.id || !world.switches.closingElsewhereNeedsRole) return true
    if (caller.kind === 'installation') return covers(world, caller, there) && caller.permissions.issues === 'write'
    return caller.kind === 'user' && doerIs(doer, there, 'triage')
  })
}

/** What a pull request will close when it is merged: only one that goes to the default branch closes anything. */
export function closedByPull(world: World, repository: Repository, pull: Pull): readonly Issue[] {
  if (pull.baseRef !== repository.defaultBranch) return []
  return closingReferences(world, repository, issueOfPull(world, pull).body ?? '')
}
