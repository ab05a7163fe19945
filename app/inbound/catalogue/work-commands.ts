/** What whoever works on a task says of the work. Bots and agents say it under their lease only. */
import { FENCE, FENCE_IF_HELD } from './fence-argument.ts'
import { defineCommand } from './row.ts'

const BOTH = ['comment', 'http'] as const

export const WORK_COMMANDS = [
  defineCommand({
    verb: 'phase',
    summary: 'Say which phase the work has entered',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'name', type: 'phase', positional: true, required: true, description: 'In your own words' },
      FENCE,
    ],
    examples: ['phase implementing', 'phase "writing tests" fence=1.3'],
    toIntent: ({ name, fence }) => ({ kind: 'command', command: { type: 'enter-phase', name, fence } }),
  }),
  defineCommand({
    verb: 'progress',
    summary: 'Say how far the work is',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'percent', type: 'percent', positional: true, required: true, description: 'From 0 to 100' },
      { name: 'text', type: 'line', positional: true, description: 'One sentence' },
      FENCE,
    ],
    examples: ['progress 40', 'progress 40 "the parser is done"'],
    toIntent: ({ percent, text, fence }) => ({
      kind: 'command',
      command: { type: 'report-progress', percent, text, fence },
    }),
  }),
  defineCommand({
    verb: 'next',
    summary: 'Say what the next step of the work is',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'text', type: 'line', positional: true, description: 'One sentence; nothing takes it away' },
      FENCE,
    ],
    examples: ['next "write the test that fails"'],
    toIntent: ({ text, fence }) => ({ kind: 'command', command: { type: 'set-next-step', text, fence } }),
  }),
  defineCommand({
    verb: 'step',
    summary: 'Start or finish one of the steps that the task declares',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'do', type: 'step-verb', positional: true, required: true, description: 'start or finish' },
      { name: 'id', type: 'step', positional: true, required: true, description: 'Its id' },
      {
        name: 'data',
        type: 'json',
        only: 'http',
        description: 'Its input when it starts, its output when it finishes, as its schemas say',
      },
      FENCE,
    ],
    examples: ['step start plan', 'step finish plan fence=1.3'],
    toIntent: ({ do: verb, id, data, fence }) => ({
      kind: 'command',
      command:
        verb === 'start'
          ? { type: 'start-step', step: id, fence, ...(data === null ? {} : { input: data }) }
          : { type: 'finish-step', step: id, fence, ...(data === null ? {} : { output: data }) },
    }),
  }),
  defineCommand({
    verb: 'assign',
    summary: 'Say which agent is at work, in its own words; it grants nothing',
    group: 'Attempts',
    role: 'write',
    surfaces: BOTH,
    arguments: [
      { name: 'agent', type: 'agent', positional: true, required: true, description: 'Its id' },
      { name: 'type', type: 'word', description: 'What it is: claude-code, codex, …' },
      { name: 'session', type: 'word', description: 'Its session' },
      { name: 'process', type: 'word', description: 'Its host and process' },
      FENCE,
    ],
    examples: ['assign a1', 'assign a1 type=claude-code session=s-9 process=host:411'],
    toIntent: ({ agent, type, session, process, fence }) => ({
      kind: 'command',
      command: { type: 'attribute-task', attribution: { agent, type, session, process }, fence },
    }),
  }),
  defineCommand({
    verb: 'event',
    summary: 'Record an event of your own kind in the history',
    group: 'Attempts',
    role: 'write',
    surfaces: ['http'],
    arguments: [
      { name: 'name', type: 'word', required: true, description: 'What happened, in one word of yours' },
      { name: 'data', type: 'json', description: 'Any JSON' },
      FENCE_IF_HELD,
    ],
    examples: ['event name=model-switched data=opus-5'],
    toIntent: ({ name, data, fence }) => ({ kind: 'command', command: { type: 'record-custom', name, data, fence } }),
  }),
] as const
