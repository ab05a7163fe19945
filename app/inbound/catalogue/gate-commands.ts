/** Gates and policy: agents ask, people approve. */

import { FENCE } from './fence-argument.ts'
import { defineCommand } from './row.ts'

const NAME = {
  name: 'name',
  type: 'gate',
  positional: true,
  required: true,
  description: 'The gate, as gates: in the configuration names it',
} as const

export const GATE_COMMANDS = [
  defineCommand({
    verb: 'gate',
    summary: 'Ask for a gate to be opened for the attempt at hand and the commit where it stands',
    group: 'Attempts',
    role: 'write',
    surfaces: ['http'],
    arguments: [NAME, { ...FENCE, required: true }],
    examples: ['gate name=deploy fence=1.3'],
    toIntent: ({ name, fence }) => ({ kind: 'command', command: { type: 'open-gate', gate: name, fence } }),
  }),
  defineCommand({
    verb: 'approve-gate',
    summary: 'Approve a gate for the commit where the work stands; not for work of your own',
    group: 'Operations',
    role: 'admin',
    decidedBy: 'gate',
    // Agents and bots approve nothing.
    surfaces: ['comment'],
    arguments: [
      NAME,
      {
        name: 'sha',
        type: 'head',
        positional: true,
        description: 'The commit that you looked at, or its first digits',
      },
    ],
    examples: ['approve-gate deploy', 'approve-gate deploy 1f2e3d4c'],
    toIntent: ({ name, sha }) => ({ kind: 'approve-gate', gate: name, sha }),
  }),
  defineCommand({
    verb: 'policy',
    summary: 'Ask what the policy says of a tool, a path or a step, before using or taking it',
    group: 'Looking',
    role: 'read',
    surfaces: ['http'],
    arguments: [
      { name: 'tool', type: 'word', description: 'The tool, such as bash' },
      { name: 'path', type: 'text', description: 'The path that it would touch, from the root of the repository' },
      { name: 'action', type: 'policy-verb', description: 'claim, succeed, merge or tool; tool when left out' },
    ],
    examples: ['policy tool=bash path=infra/main.tf', 'policy action=claim'],
    toIntent: ({ tool, path, action }, asker) => ({
      kind: 'policy',
      question: { verb: action ?? 'tool', agent: asker.id, tool, path },
    }),
  }),
] as const
