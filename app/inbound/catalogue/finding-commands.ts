/** Commands that keep what a task has taught for the tasks that come after it. */
import { defineCommand } from './row.ts'

export const FINDING_COMMANDS = [
  defineCommand({
    verb: 'finding',
    summary: 'Keep what this task has taught, for the briefs of later ones',
    group: 'Attempts',
    role: 'write',
    surfaces: ['comment', 'http'],
    arguments: [
      {
        name: 'kind',
        type: 'finding-kind',
        positional: true,
        required: true,
        description: 'constraint, decision or gotcha',
      },
      { name: 'text', type: 'line', positional: true, required: true, description: 'One or two sentences' },
    ],
    examples: ['finding gotcha "the parser is generated from grammar.ebnf"'],
    toIntent: ({ kind, text }) => ({ kind: 'finding', finding: kind, text }),
  }),
  defineCommand({
    verb: 'retire',
    summary: 'Drop a finding that holds no longer',
    group: 'Attempts',
    role: 'write',
    // What all later work rests on is for people to take away.
    surfaces: ['comment'],
    arguments: [
      { name: 'id', type: 'count', positional: true, required: true, description: 'Its number' },
      { name: 'reason', type: 'line', positional: true, description: 'Why' },
    ],
    examples: ['retire 3', 'retire 3 "the parser is written by hand now"'],
    toIntent: ({ id, reason }, asker) => ({ kind: 'retire', id, reason: reason ?? `retired by ${asker.id}` }),
  }),
] as const
