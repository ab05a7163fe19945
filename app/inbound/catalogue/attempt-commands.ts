/** Commands that carry an attempt from claim to end. */

import { FAILURE_CODES } from '../../domain/failure/codes.ts'
import { FENCE } from './fence-argument.ts'
import { defineCommand } from './row.ts'

/** Each attempt of a task keeps them. */
const MOST_TOOLS = 10

const BOTH = ['comment', 'http'] as const

export const ATTEMPT_COMMANDS = [
  defineCommand({
    verb: 'claim',
    summary: 'Take the task: opens an attempt and grants its lease; ttl prolongs your own',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'agent', type: 'agent', description: 'Who works on it; you when left out' },
      {
        name: 'ttl',
        type: 'duration',
        description: 'How long the lease holds without a heartbeat; on a lease of your own it starts anew with that',
      },
      { name: 'base', type: 'commit', only: 'http', description: 'The commit the work starts from' },
      { name: 'model', type: 'word', only: 'http', description: 'The model that does the work' },
      { name: 'run', type: 'count', only: 'http', description: 'The id of the workflow run that does the work' },
      {
        name: 'tools',
        type: 'word',
        many: true,
        only: 'http',
        description: 'The tools that do it, with their versions: claude-code@2.1.0',
      },
      { name: 'runner', type: 'word', only: 'http', description: 'Where it is done' },
    ],
    examples: ['claim', 'claim agent=claude ttl=90m'],
    toIntent: ({ agent, ttl, base, model, run, tools, runner }, asker) => ({
      kind: 'command',
      command: {
        type: 'claim-task',
        owner: agent ?? asker.id,
        ttlMs: ttl,
        baseSha: base,
        model,
        runId: run,
        ...(tools === null || tools.length === 0 ? {} : { tools: tools.slice(0, MOST_TOOLS) }),
        ...(runner === null ? {} : { runner }),
      },
    }),
  }),
  defineCommand({
    verb: 'start',
    summary: 'Say that work on the claimed task has begun',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [FENCE],
    examples: ['start', 'start fence=1.3'],
    toIntent: ({ fence }) => ({ kind: 'command', command: { type: 'start-attempt', fence } }),
  }),
  defineCommand({
    verb: 'heartbeat',
    summary: 'Keep the lease alive and say how far the work is; makes no comment',
    group: 'Attempts',
    role: 'write',
    surfaces: ['http'],
    arguments: [
      { ...FENCE, required: true },
      { name: 'percent', type: 'percent', description: 'How much of the work is done, from 0 to 100' },
      { name: 'text', type: 'text', description: 'How far the work is, in a sentence' },
      { name: 'phase', type: 'text', description: 'What the work is at, in a word or two' },
    ],
    examples: ['heartbeat fence=1.3', 'heartbeat fence=1.3 percent=40 text="3 of 8 files"'],
    toIntent: ({ fence, ...said }) => ({ kind: 'heartbeat', fence, said }),
  }),
  defineCommand({
    verb: 'tool',
    summary: 'Report a call of a tool, for the history',
    group: 'Attempts',
    role: 'write',
    surfaces: ['http'],
    arguments: [
      { name: 'tool', type: 'word', required: true, description: 'Its name' },
      { name: 'summary', type: 'text', required: true, description: 'What it was asked for, and what came of it' },
      { name: 'ok', type: 'flag', required: true, description: 'Whether it did what it was asked for' },
      { name: 'ms', type: 'count', description: 'How long it took, in milliseconds' },
      { ...FENCE, required: true },
    ],
    examples: ['tool tool=bash summary="npm test: 9 passed" ok=true ms=4200 fence=1.3'],
    toIntent: ({ tool, summary, ok, ms, fence }) => ({
      kind: 'command',
      command: { type: 'record-tool', tool, summary, ok, durationMs: ms, fence },
    }),
  }),
  defineCommand({
    verb: 'succeed',
    summary: 'End the attempt as a success, to be reviewed',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'cost', type: 'money', description: 'What it cost, in US dollars' },
      { name: 'tokens', type: 'count', description: 'How many tokens it used' },
      { name: 'output', type: 'json', only: 'http', description: 'What it hands in, as its outputSchema says' },
      FENCE,
    ],
    examples: ['succeed', 'succeed cost=$0.42 tokens=12k'],
    toIntent: ({ cost, tokens, output, fence }) => ({
      kind: 'command',
      command: {
        type: 'succeed-attempt',
        fence,
        costMicroUsd: cost,
        tokens,
        ...(output === null ? {} : { output }),
      },
    }),
  }),
  defineCommand({
    verb: 'fail',
    summary: 'End the attempt as a failure of a class',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      {
        name: 'class',
        type: 'failure-class',
        required: true,
        description: 'Why: test_fail, tool_error, rate_limit, …',
      },
      { name: 'code', type: 'failure-code', description: 'A finer reason within the class' },
      { name: 'message', type: 'text', description: 'One sentence for people' },
      { name: 'cost', type: 'money', description: 'What it cost, in US dollars' },
      { name: 'tokens', type: 'count', description: 'How many tokens it used' },
      FENCE,
    ],
    examples: ['fail class=test_fail', 'fail class=rate_limit code=overloaded message="the model was busy"'],
    toIntent: ({ class: failureClass, code, message, cost, tokens, fence }, asker) => {
      if (code !== null && FAILURE_CODES[code].class !== failureClass) {
        const problem = `${code} belongs to the class ${FAILURE_CODES[code].class}, not to ${failureClass}`
        return { kind: 'reject', rejection: { code: 'invalid-argument', argument: 'code', problem } }
      }
      const failure = {
        class: failureClass,
        ...(code === null ? {} : { code }),
        message: message ?? `reported by ${asker.id} without a message`,
      }
      const said = cost === null && tokens === null ? {} : { costMicroUsd: cost, tokens }
      return { kind: 'command', command: { type: 'fail-attempt', fence, failure, ...said } }
    },
  }),
  defineCommand({
    verb: 'release',
    summary: 'Give the task back without a verdict',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [{ name: 'reason', type: 'text', description: 'Why' }, FENCE],
    examples: ['release', 'release reason="wrong branch"'],
    toIntent: ({ reason, fence }, asker) => ({
      kind: 'command',
      command: { type: 'release-task', fence, reason: reason ?? `released by ${asker.id}` },
    }),
  }),
  defineCommand({
    verb: 'retry',
    summary: 'Ask for another attempt, without waiting for the backoff',
    group: 'Attempts',
    role: 'write',
    // A person's hold or decision is not the agent's to lift.
    surfaces: ['comment'],
    arguments: [{ name: 'when', type: 'now', positional: true, description: 'A retry never waits; it may be said' }],
    examples: ['retry', 'retry now'],
    toIntent: () => ({ kind: 'command', command: { type: 'retry-task' } }),
  }),
  defineCommand({
    verb: 'resolve',
    summary: 'Decide on a task that waits for a person: another attempt, go on without it, or give it up',
    group: 'Attempts',
    role: 'write',
    // What waits for a person is not the agent's to decide.
    surfaces: ['comment'],
    arguments: [
      { name: 'how', type: 'decision', positional: true, required: true, description: 'retry, skip or fail' },
      { name: 'note', type: 'text', positional: true, description: 'For whoever works on it next' },
    ],
    examples: ['resolve retry', 'resolve retry "the token is renewed"', 'resolve skip "not needed any more"'],
    toIntent: ({ how, note }) => ({ kind: 'command', command: { type: 'resolve-task', decision: how, note } }),
  }),
  defineCommand({
    verb: 'cancel',
    summary: 'End the task; nobody works on it any more',
    group: 'Attempts',
    role: 'write',
    // Agents with a key cancel what they made themselves, and nothing else.
    surfaces: BOTH,
    arguments: [{ name: 'reason', type: 'text', rest: true, description: 'Why' }],
    examples: ['cancel', 'cancel superseded by #14'],
    toIntent: ({ reason }, asker) => ({
      kind: 'command',
      command: { type: 'cancel-task', reason: reason ?? `canceled by ${asker.id}` },
    }),
  }),
  defineCommand({
    verb: 'reopen',
    summary: 'Take up again a task that is done, failed or canceled',
    group: 'Attempts',
    role: 'write',
    // A person's hold or decision is not the agent's to lift.
    surfaces: ['comment'],
    arguments: [{ name: 'reason', type: 'text', rest: true, description: 'Why' }],
    examples: ['reopen', 'reopen it came back in production'],
    toIntent: ({ reason }, asker) => ({
      kind: 'command',
      command: { type: 'reopen-task', reason: reason ?? `reopened by ${asker.id}` },
    }),
  }),
] as const
