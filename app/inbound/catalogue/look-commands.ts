/** Commands that answer and change nothing. */

import { BRIEF_BUDGET } from '../../domain/brief/render-brief.ts'
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
    arguments: [
      {
        name: 'budget',
        type: 'count',
        only: 'http',
        description: 'How many tokens it may take, four bytes each: 500 to 100000, and 8000 when left out',
      },
    ],
    examples: ['brief'],
    toIntent: ({ budget }) =>
      budget !== null && (budget < BRIEF_BUDGET.least || budget > BRIEF_BUDGET.most)
        ? {
            kind: 'reject',
            rejection: {
              code: 'invalid-argument',
              argument: 'budget',
              problem: `it goes from ${BRIEF_BUDGET.least} to ${BRIEF_BUDGET.most} tokens`,
            },
          }
        : { kind: 'brief', budgetTokens: budget },
  }),
  defineCommand({
    verb: 'findings',
    summary: 'Answer with what the project has learned, by words or the newest',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [{ name: 'words', type: 'text', rest: true, description: 'Words to look for; their beginnings do' }],
    examples: ['findings', 'findings parser rounding'],
    toIntent: ({ words }) => ({ kind: 'findings', words: words ?? '' }),
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
