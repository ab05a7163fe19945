/** What exit codes mean when the agent left no word. 1 and 2 mean nothing. */
import { kind, type Kind } from './verdict.ts'

const GENERAL: Readonly<Record<number, Kind>> = {
  124: kind('timeout'),
  126: kind('tool_error', 'tool_missing'),
  127: kind('tool_error', 'tool_missing'),
  130: kind('canceled'),
  134: kind('environment_error', 'out_of_memory'),
  137: kind('environment_error', 'out_of_memory'),
  143: kind('timeout'),
}

/** Gemini CLI's own codes; other programs use these numbers for anything, so they count only for it. */
const GEMINI: Readonly<Record<number, Kind>> = {
  41: kind('permission_error', 'auth'),
  42: kind('unknown', 'bad_request'),
  44: kind('tool_error'),
  52: kind('unknown', 'bad_request'),
  53: kind('budget_exceeded', 'max_turns'),
  54: kind('tool_error'),
  55: kind('permission_error', 'untrusted'),
}

/** Null when the code alone says nothing. `agent` is the agent's kind as the workflow names it. */
export const kindOfExitCode = (code: number, agent: string | null): Kind | null =>
  (/gemini/i.test(agent ?? '') ? GEMINI[code] : undefined) ?? GENERAL[code] ?? null
