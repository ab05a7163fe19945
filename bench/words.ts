/** What each bench measures and against what, for the README; in the order in which they run and are shown. */
export const WORDS = {
  deliveries:
    'webhook deliveries, signed, through the durable inbox to an event in the log, against a handler that does nothing behind Probot’s own middleware.',
  burst: 'deliveries that arrive at the same moment while the App works on them, against the same Probot.',
  demoLife: 'what one task’s whole life asks of GitHub: counted, not timed.',
  appStart: 'from nothing to listening, against an empty server on the same libraries.',
  actionBundle: 'the Action, against Node running an empty file.',
  claims:
    'claims of the next of 10,000 ready tasks by 64 claimers, against a bare transaction of the same store that writes the same rows; `budget`: with limits that every claim reserves under and is held against. Then the ready list and one claim at 10,000 tasks, against 1,000.',
  writes:
    'one accepted command on a task with 10,000 events, against a task with 10 in the same store, in turns. `short`: what the events left in the task’s state is short; `full`: they filled all its lists, which are bounded, so that the state is as long as it gets. `kept`: lists full in both, 10,000 events against 1,000. `unread`: lists full, against 10 events, where the App has read 300 other tasks since it read either.',
  lag: 'from an accepted command to the issue’s record, 50 commands a second, under GitHub’s limits, on a clock that is moved by hand: GitHub’s own answers take no time. `lasting`: over half an hour, when nothing is left that was saved up of the hour’s points. `lag-within-a-minute`: the most issues (of 100 and 400) over which the commands may be spread before one in a hundred waits longer.',
  claimsLarge: 'the ready list and one claim at 100,000 tasks, against 1,000.',
  addEdge:
    'a dependency added, with its cycle check, to 100,000 tasks with 300,000 dependencies, against one search through all that lies below.',
  peer: 'tasks made, claimed, given evidence and listed per second, in process on SQLite, against the same on `@ai-devkit/task-manager` 0.4.0; `together`: twenty at a time. Ours also decides each command on the state of the log, chains it by hash, checks its fence, and has it on the disk when it answers, for which the peer’s SQLite does not wait; making a task is two commands. The peer runs on a newer version of its driver, since the one that it names aborts on this Node. The peer has no claim: one looks, then writes twice. `one-task`: the last rows of a thousand on one task. `race`: two processes at once; how often both were told that the task is theirs, and how many of the acknowledged rows the task shows.',
} as const satisfies Readonly<Record<string, string>>

export type BenchName = keyof typeof WORDS
export const BENCH_NAMES = Object.keys(WORDS) as readonly BenchName[]

/** Only by name: each takes minutes, or installs something. */
export const ON_REQUEST: ReadonlySet<BenchName> = new Set(['lag', 'claimsLarge', 'addEdge', 'peer'])
