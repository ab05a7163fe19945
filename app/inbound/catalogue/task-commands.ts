/** Commands that shape a task: what it is, what it waits for, what is known of it. */

import { FENCE, FENCE_IF_HELD } from './fence-argument.ts'
import { defineCommand } from './row.ts'

const BOTH = ['comment', 'http'] as const

/** What the last part of an address says, for people to read. */
const nameFrom = (url: string): string => {
  const last = new URL(url).pathname.split('/').findLast((part) => part !== '')
  return (last ?? new URL(url).host).slice(0, 100)
}

export const TASK_COMMANDS = [
  defineCommand({
    verb: 'task',
    summary: 'Make this issue a task',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [{ name: 'priority', type: 'priority', description: 'p0 is the most urgent; p2 when left out' }],
    examples: ['task', 'task priority=p1'],
    toIntent: ({ priority }) => ({ kind: 'create-task', priority: priority ?? 'p2' }),
  }),
  defineCommand({
    verb: 'ready',
    summary: 'Offer the task to agents',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [],
    examples: ['ready'],
    toIntent: () => ({ kind: 'command', command: { type: 'ready-task' } }),
  }),
  defineCommand({
    verb: 'priority',
    summary: 'Set how urgent the task is',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [
      { name: 'priority', type: 'priority', positional: true, required: true, description: 'p0 is the most urgent' },
    ],
    examples: ['priority p1'],
    toIntent: ({ priority }) => ({ kind: 'command', command: { type: 'set-priority', priority } }),
  }),
  defineCommand({
    verb: 'budget',
    summary: 'Set what all attempts of the task together may cost, or take that limit away',
    group: 'Tasks',
    role: 'admin',
    // Money is for people to grant.
    surfaces: ['comment'],
    arguments: [
      {
        name: 'cost',
        type: 'budget',
        positional: true,
        description: 'In US dollars; none leaves the task without a limit of its own, under that of the configuration',
      },
      { name: 'tokens', type: 'count', description: 'In tokens' },
    ],
    examples: ['budget $20', 'budget $20 tokens=5m', 'budget tokens=5m', 'budget none'],
    toIntent: ({ cost, tokens }) => {
      if (cost === null && tokens === null) {
        const problem = 'an amount is missing, such as $20 or tokens=5m, or none'
        return { kind: 'reject', rejection: { code: 'invalid-argument', argument: 'cost', problem } }
      }
      const microUsd = cost === 'none' ? null : cost
      const budget = microUsd === null && tokens === null ? null : { microUsd, tokens }
      return { kind: 'command', command: { type: 'update-task', changes: { budget } } }
    },
  }),
  defineCommand({
    verb: 'depends',
    summary: 'Make the task wait for others',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [
      { name: 'on', type: 'reference', positional: true, many: true, required: true, description: 'Tasks to wait for' },
      {
        name: 'failed',
        type: 'failure-policy',
        description: 'When one of them fails or is canceled: go on waiting, ask a person, or do without it',
      },
    ],
    examples: ['depends #12', 'depends #12 DEV-13 acme/widgets#14', 'depends #12 failed=drop'],
    toIntent: ({ on, failed }) => ({ kind: 'depend', add: true, on, onFailure: failed }),
  }),
  defineCommand({
    verb: 'undepends',
    summary: 'Drop dependencies',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [
      { name: 'on', type: 'reference', positional: true, many: true, required: true, description: 'Tasks to drop' },
    ],
    examples: ['undepends #12'],
    toIntent: ({ on }) => ({ kind: 'depend', add: false, on, onFailure: null }),
  }),
  defineCommand({
    verb: 'parent',
    summary: 'Make the task a part of another, or of none',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'of', type: 'parent', positional: true, required: true, description: 'The whole that it is a part of' },
    ],
    examples: ['parent #12', 'parent none'],
    toIntent: ({ of }) => ({ kind: 'parent', of: of === 'none' ? null : of }),
  }),
  defineCommand({
    verb: 'block',
    summary: 'Stop the task until a person clears something',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [
      { name: 'reason', type: 'text', rest: true, required: true, description: 'What must be cleared' },
      FENCE_IF_HELD,
    ],
    examples: ['block "the staging database is down"', 'block waiting for the design'],
    toIntent: ({ reason, fence }) => ({
      kind: 'command',
      command: { type: 'block-task', reason, ...(fence === null ? {} : { fence }) },
    }),
  }),
  defineCommand({
    verb: 'unblock',
    summary: 'Clear a blocker, or all of them',
    group: 'Tasks',
    role: 'triage',
    // Blockers are for people to clear.
    surfaces: ['comment'],
    arguments: [{ name: 'id', type: 'blocker', positional: true, description: 'Its number; all when left out' }],
    examples: ['unblock', 'unblock 2', 'unblock all'],
    toIntent: ({ id }) => ({ kind: 'command', command: { type: 'unblock-task', id: id === 'all' ? null : id } }),
  }),
  defineCommand({
    verb: 'note',
    summary: 'Keep a note that agents read in their brief',
    group: 'Tasks',
    role: 'triage',
    surfaces: BOTH,
    arguments: [
      { name: 'text', type: 'note', rest: true, required: true, description: 'The rest of the line' },
      FENCE_IF_HELD,
    ],
    examples: ['note the parser is generated, change the grammar instead'],
    toIntent: ({ text, fence }) => ({
      kind: 'command',
      command: { type: 'add-note', text, ...(fence === null ? {} : { fence }) },
    }),
  }),
  defineCommand({
    verb: 'evidence',
    summary: 'Record a command and how it exited',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'command', type: 'text', positional: true, required: true, description: 'The command, in double quotes' },
      { name: 'exit', type: 'integer', required: true, description: 'Its exit code; 0 is a pass' },
      { name: 'sha', type: 'commit', description: 'The commit it ran on' },
      FENCE,
    ],
    examples: ['evidence "npm test" exit=0'],
    toIntent: ({ command, exit, sha, fence }) => ({
      kind: 'command',
      command: { type: 'record-evidence', command, exitCode: exit, headSha: sha, fence },
    }),
  }),
  defineCommand({
    verb: 'artifact',
    summary: 'Record a reference to something the work produced',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      {
        name: 'kind',
        type: 'artifact-kind',
        positional: true,
        required: true,
        description: 'diff, file, log, benchmark, screenshot or report',
      },
      { name: 'url', type: 'url', positional: true, required: true, description: 'Where it is' },
      { name: 'name', type: 'text', description: 'What to call it; the end of its address when left out' },
      { name: 'sha256', type: 'sha256', description: 'Its SHA-256' },
      { name: 'size', type: 'size', description: 'Its size in bytes' },
      FENCE,
    ],
    examples: ['artifact log https://ci.example/log.txt', 'artifact report https://ci.example/r.html size=12kb'],
    toIntent: ({ kind, url, name, sha256, size, fence }) => ({
      kind: 'command',
      command: {
        type: 'record-artifact',
        kind,
        url,
        name: name ?? nameFrom(url),
        sha256,
        size,
        mediaType: null,
        figures: [],
        fence,
      },
    }),
  }),
] as const
