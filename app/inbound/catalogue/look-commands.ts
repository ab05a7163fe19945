/** Commands that answer and change nothing. */

import { defineCommand } from './row.ts'

const BOTH = ['comment', 'http'] as const

export const LOOK_COMMANDS = [
  defineCommand({
    verb: 'show',
    summary: 'Answer with the state of the task',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [],
    examples: ['show'],
    toIntent: () => ({ kind: 'show' }),
  }),
  defineCommand({
    verb: 'brief',
    summary: 'Answer with what an agent is given to start or resume',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [],
    examples: ['brief'],
    toIntent: () => ({ kind: 'brief' }),
  }),
  defineCommand({
    verb: 'graph',
    summary: 'Answer with what the task depends on and what depends on it, in order',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [],
    examples: ['graph'],
    toIntent: () => ({ kind: 'graph' }),
  }),
  defineCommand({
    verb: 'cost',
    summary: 'Answer with what was spent, on what, and what an accepted outcome costs',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [
      { name: 'of', type: 'cost-scope', positional: true, description: 'task, or project; this task when left out' },
    ],
    examples: ['cost', 'cost project'],
    toIntent: ({ of }) => ({ kind: 'cost', of: of ?? 'task' }),
  }),
  defineCommand({
    verb: 'help',
    summary: 'Answer with all commands, or one of them',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [{ name: 'verb', type: 'word', positional: true, description: 'The command to explain' }],
    examples: ['help', 'help claim'],
    toIntent: ({ verb }) => ({ kind: 'help', verb }),
  }),
] as const
