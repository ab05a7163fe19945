/** What policy and gates refuse, in words: the rule and its reason, and who can open the way. */
import { assertNever } from '../domain/assert-never.ts'
import type { Rejection } from '../domain/rejection.ts'
import { firstStep, foreign, foreignCode, step, type Explanation, type Telling } from './telling.ts'

type PolicyCode =
  'policy-denied' | 'policy-loosened' | 'gate-open' | 'unknown-gate' | 'people-only' | 'own-approval' | 'other-head'

export type PolicyRejection = Rejection & { readonly code: PolicyCode }

const DOING = {
  claim: 'may not be claimed',
  succeed: 'may not be called done',
  merge: 'may not be merged',
  tool: 'may not use that',
}

export const explainPolicyRefusal = (rejection: PolicyRejection, telling: Telling): Explanation => {
  switch (rejection.code) {
    case 'policy-denied': {
      const { key, verb, rule, reason } = rejection
      const by = rule === null ? '' : ` (rule ${foreign(rule)})`
      return {
        problem: `${key} ${DOING[verb]} by this agent: ${foreign(reason)}${by}.`,
        next: `Do not try again: work on another task, or ask a person, who may do it or change \`policy:\` in \`.github/muster.yml\`. ${firstStep({ verb: 'show' }, telling)} to see where the task stands.`,
      }
    }
    case 'policy-loosened': {
      const { key, rule } = rejection
      const by = rule === null ? 'the policy, which allows only what its rules name' : `the rule ${foreign(rule)}`
      return {
        problem: `An agent may not change what ${by} looks at, so that more is allowed on ${key}.`,
        next: `Leave tags, labels, tier, priority and parent of ${key} as they are, or have a person with the write role change them.`,
      }
    }
    case 'gate-open': {
      const { key, verb, gate, approvals, role, reason, headSha = null } = rejection
      const words = `${foreignCode(gate)}${headSha === null ? '' : ` ${headSha.slice(0, 12)}`}`
      const people = approvals === 1 ? 'one person' : `${approvals} people`
      const again = telling.surface === 'http' ? ' Then send this again with a new Idempotency-Key.' : ''
      return {
        problem: `${key} ${DOING[verb]} before the gate ${foreign(gate)} is open: ${foreign(reason)}. It needs ${people} with the ${role} role.`,
        next: `${firstStep({ verb: 'approve-gate', words }, telling)}.${again}`,
      }
    }
    case 'unknown-gate': {
      const { known } = rejection
      return {
        problem: `There is no gate ${foreign(rejection.gate)} here.`,
        next:
          known.length === 0
            ? 'Name gates under `gates:` in `.github/muster.yml` first.'
            : `Name one of ${known.map((name) => foreign(name)).join(', ')}.`,
      }
    }
    case 'people-only':
      return peopleOnly(rejection.verb, telling)
    case 'own-approval':
      return {
        problem: `The gate ${foreign(rejection.gate)} of ${rejection.key} is about your own work: you hold or held it, or pushed to it.`,
        next: 'Ask somebody else with the role to approve it.',
      }
    case 'other-head': {
      const { key, gate, given, headSha } = rejection
      const now = headSha === null ? 'nothing is pushed yet' : `the work stands at ${headSha.slice(0, 12)} now`
      const sha = headSha === null ? '' : ` ${headSha.slice(0, 12)}`
      return {
        problem: `${given === null ? `Whoever approves the gate ${foreign(gate)} of ${key} must name the commit` : `${foreign(given)} is not what the gate ${foreign(gate)} of ${key} is about`}: ${now}.`,
        next: `Look at that, then ${step({ verb: 'approve-gate', words: `${foreignCode(gate)}${sha}` }, telling)}.`,
      }
    }
    default:
      return assertNever(rejection)
  }
}

const peopleOnly = (verb: string, telling: Telling): Explanation =>
  verb === 'budget'
    ? {
        problem: 'Money is for people to grant: an agent may lower what a task may cost, and not raise it.',
        next: `${firstStep({ verb: 'budget', words: '$20' }, telling)}, with as much as it may cost in all.`,
      }
    : {
        problem: `\`${foreignCode(verb)}\` is for people: agents and bots approve nothing.`,
        next: 'Ask a person who has not worked on it.',
      }
