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
    arguments: [
      { name: 'version', type: 'count', only: 'http', description: 'As it was at this version of it' },
      { name: 'at', type: 'instant', only: 'http', description: 'As it was at this time' },
    ],
    examples: ['show'],
    toIntent: ({ version, at }) => {
      if (version !== null && at !== null) {
        const problem = 'leave it out, or leave out version: only one of them can be meant'
        return { kind: 'reject', rejection: { code: 'invalid-argument', argument: 'at', problem } }
      }
      return { kind: 'show', point: version !== null ? { version } : at !== null ? { time: at } : null }
    },
  }),
  defineCommand({
    verb: 'history',
    summary: 'Answer with what happened to the task, or what differs between two versions',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [
      {
        name: 'range',
        type: 'versions',
        positional: true,
        description: 'Two versions: what is different from the one to the other, by whom and why',
      },
      { name: 'before', type: 'count', only: 'http', description: 'Only what happened before this version' },
    ],
    examples: ['history', 'history 3..9'],
    toIntent: ({ range, before }) => ({ kind: 'history', range, before }),
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
    verb: 'portfolio',
    summary: 'Answer with where the projects of a portfolio or program stand, and what they have cost',
    group: 'Looking',
    role: 'read',
    surfaces: BOTH,
    arguments: [
      {
        name: 'name',
        type: 'text',
        rest: true,
        description: 'A portfolio or a program; the portfolio of this project when left out',
      },
    ],
    examples: ['portfolio', 'portfolio Developer tools'],
    toIntent: ({ name }) => ({ kind: 'portfolio', name }),
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
