/** Commands by which people stop agents and let them go on. */

import type { KillTarget } from '../../domain/project/kill.ts'
import type { Rejection } from '../../domain/rejection.ts'
import type { Intent } from './intent.ts'
import { defineCommand } from './row.ts'

const WHOM = { name: 'agent', type: 'agent', description: 'The one agent that it is about' } as const
const WORDS = {
  name: 'words',
  type: 'text',
  positional: true,
  many: true,
  description: 'project or workspace, unless an agent is named; then why',
} as const

const REASON_CHARS = 500

/** `words`: the first one is the scope, unless an agent is named; the rest is why. */
const killIntent = (on: boolean, agent: string | null, words: readonly string[], otherwise: string): Intent => {
  const scope = words[0]?.toLowerCase()
  const isWide = agent === null && (scope === 'project' || scope === 'workspace')
  if (agent === null && !isWide) return unclear('agent', 'say whom: agent=ID, project or workspace, then why')
  const target: KillTarget = isWide ? { scope, agent: null } : { scope: 'agent', agent }
  const reason = words.slice(isWide ? 1 : 0).join(' ')
  if (on && reason === '') return unclear('reason', 'say why, for those who find their work stopped')
  if (reason.length > REASON_CHARS) return unclear('reason', `it is longer than ${REASON_CHARS} characters`)
  return { kind: 'kill', on, target, reason: reason === '' ? otherwise : reason }
}

const unclear = (argument: string, problem: string): Intent => {
  const rejection: Rejection = { code: 'invalid-argument', argument, problem }
  return { kind: 'reject', rejection }
}

export const OPERATION_COMMANDS = [
  defineCommand({
    verb: 'kill',
    summary: 'Stop an agent, the project or all projects of the installation: no claims, and holders are told',
    group: 'Operations',
    role: 'admin',
    // To stop agents is for people.
    surfaces: ['comment'],
    arguments: [WHOM, { ...WORDS, required: true }],
    examples: [
      'kill agent=claude "it deletes tests"',
      'kill project "the budget is gone"',
      'kill workspace a key has leaked',
    ],
    toIntent: ({ agent, words }) => killIntent(true, agent, words, ''),
  }),
  defineCommand({
    verb: 'unkill',
    summary: 'Take back a kill: what it stopped may be claimed again',
    group: 'Operations',
    role: 'admin',
    surfaces: ['comment'],
    arguments: [WHOM, WORDS],
    examples: ['unkill agent=claude', 'unkill project', 'unkill workspace the key was replaced'],
    toIntent: ({ agent, words }, asker) => killIntent(false, agent, words ?? [], `lifted by ${asker.id}`),
  }),
] as const
