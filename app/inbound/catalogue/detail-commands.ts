/** Commands that declare what a task is like: tags, links, when it is due, what it takes and needs, when it is accepted. */
import type { DetailChanges } from '../../domain/task/details.ts'
import type { Intent } from './intent.ts'
import { defineCommand } from './row.ts'

const BOTH = ['comment', 'http'] as const

const update = (changes: DetailChanges): Intent => ({ kind: 'command', command: { type: 'update-task', changes } })

/** `none` on its own takes the whole list away. */
const isNone = (words: readonly string[]): boolean => words.length === 1 && words[0]?.toLowerCase() === 'none'

export const DETAIL_COMMANDS = [
  defineCommand({
    verb: 'tag',
    summary: 'Put tags on the task',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'tags', type: 'tag', positional: true, many: true, required: true, description: 'One word each' },
    ],
    examples: ['tag api', 'tag api flaky'],
    toIntent: ({ tags }) => ({ kind: 'command', command: { type: 'edit-lists', add: { tags } } }),
  }),
  defineCommand({
    verb: 'untag',
    summary: 'Take tags off the task',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'tags', type: 'tag', positional: true, many: true, required: true, description: 'One word each' },
    ],
    examples: ['untag flaky'],
    toIntent: ({ tags }) => ({ kind: 'command', command: { type: 'edit-lists', remove: { tags } } }),
  }),
  defineCommand({
    verb: 'link',
    summary: 'Link a branch, worktree, pull request, commit or another place',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      {
        name: 'kind',
        type: 'link-kind',
        positional: true,
        required: true,
        description: 'branch, worktree, pull-request, commit or other',
      },
      { name: 'target', type: 'line', positional: true, required: true, description: 'Its name, path, id or address' },
    ],
    examples: ['link branch feature/sum', 'link other https://wiki.example/sums'],
    toIntent: ({ kind, target }) => ({
      kind: 'command',
      command: { type: 'edit-lists', add: { links: [{ kind, target }] } },
    }),
  }),
  defineCommand({
    verb: 'deadline',
    summary: 'Say when the task should be done; it only changes the order of work',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      {
        name: 'when',
        type: 'moment',
        positional: true,
        required: true,
        description: 'A date (to the end of that day in UTC), a time with its zone, a duration from now, or none',
      },
    ],
    examples: ['deadline 2030-12-24', 'deadline 2d', 'deadline none'],
    toIntent: ({ when }) => ({
      kind: 'command',
      command: { type: 'set-deadline', by: when === 'none' ? null : when },
    }),
  }),
  defineCommand({
    verb: 'sla',
    summary: 'Set the deadline so long from now',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'within', type: 'duration', positional: true, required: true, description: 'How long it may take' },
    ],
    examples: ['sla 2d'],
    toIntent: ({ within }) => ({ kind: 'command', command: { type: 'set-deadline', by: { inMs: within } } }),
  }),
  defineCommand({
    verb: 'estimate',
    summary: 'Say what the task is expected to take',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'time', type: 'duration', positional: true, description: 'How long' },
      { name: 'cost', type: 'money', description: 'How much, in US dollars' },
      { name: 'tokens', type: 'count', description: 'How many tokens' },
    ],
    examples: ['estimate 2h', 'estimate 2h cost=$3 tokens=200k'],
    toIntent: ({ time, cost, tokens }) =>
      time === null && cost === null && tokens === null
        ? {
            kind: 'reject',
            rejection: { code: 'invalid-argument', argument: 'time', problem: 'give a time, a cost or tokens' },
          }
        : update({ estimate: { durationMs: time, microUsd: cost, tokens } }),
  }),
  defineCommand({
    verb: 'tier',
    summary: 'Say how capable a model the task needs',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'tier', type: 'tier', positional: true, required: true, description: 'simple, medium or complex' },
    ],
    examples: ['tier complex'],
    toIntent: ({ tier }) => update({ tier }),
  }),
  defineCommand({
    verb: 'requires',
    summary: 'Set the capabilities that whoever claims it must have',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      {
        name: 'capabilities',
        type: 'tag',
        positional: true,
        many: true,
        required: true,
        description: 'All of them, or none',
      },
    ],
    examples: ['requires gpu python', 'requires none'],
    toIntent: ({ capabilities }) => update({ requires: isNone(capabilities) ? null : capabilities }),
  }),
  defineCommand({
    verb: 'accept',
    summary: 'Add a criterion that the result must meet',
    group: 'Tasks',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      {
        name: 'criterion',
        type: 'line',
        rest: true,
        required: true,
        description: 'One sentence; none takes all of them away',
      },
    ],
    examples: ['accept "sums of negative numbers are right"', 'accept none'],
    toIntent: ({ criterion }) =>
      isNone([criterion])
        ? update({ acceptance: null })
        : { kind: 'command', command: { type: 'edit-lists', add: { acceptance: [criterion] } } },
  }),
  defineCommand({
    verb: 'update',
    summary: 'Set or take away any of the declared details at once',
    group: 'Tasks',
    role: 'write',
    surfaces: ['http'],
    arguments: [
      {
        name: 'details',
        type: 'details',
        required: true,
        description: 'An object as in schemas/task-update.schema.json; null takes a detail away',
      },
    ],
    examples: [String.raw`update details="{\"tags\": [\"api\"], \"tier\": \"complex\", \"deadline\": null}"`],
    toIntent: ({ details }) => update(details),
  }),
] as const
