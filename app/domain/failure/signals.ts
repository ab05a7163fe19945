/** What is known of a finished run, already read from logs and reports. The input of classification; it holds no tool results. */

/** The agent's own last word: its structured result event. */
export interface TerminalEvent {
  /** The agent's own verdict. */
  readonly ok: boolean
  /** Claude's `error` field of the last assistant message. */
  readonly assistantError: string | null
  /** Claude's `terminal_reason`. */
  readonly terminalReason: string | null
  /** Claude's `subtype`. */
  readonly subtype: string | null
  /** The HTTP status of the provider's last answer. */
  readonly apiStatus: number | null
  /** Why the agent could not start. */
  readonly startupFailure: string | null
  /** Error text that the agent itself composed; empty when it succeeded. Never assistant prose or tool output. */
  readonly errorText: string
  /** Names of tools that were denied. */
  readonly denials: readonly string[]
  /** When the provider renews the limit that was hit, in milliseconds since 1970. */
  readonly limitResetsAt: number | null
}

export interface RunSignals {
  readonly terminal: TerminalEvent | null
  /** Whether a terminal event was to be expected: a log was named, and it is missing, empty or of a known format. */
  readonly logExpected: boolean
  /** Of the agent's process. */
  readonly exitCode: number | null
  readonly elapsedMs: number | null
  readonly timeoutMs: number | null
  /** The end of what the agent's process wrote on its own error stream. */
  readonly stderr: string
  /** Sums over all test reports; null without any. */
  readonly tests: { readonly total: number; readonly failed: number; readonly errors: number } | null
  /** Whether test reports were asked for, and none was there or one could not be read to its end. */
  readonly testsUnread: boolean
  /** Why the output that was asked for cannot be handed in; null, or absent: nothing is wrong with it. */
  readonly outputProblem?: string | null
  /** Whether the agent left a change behind; null when nobody looked. */
  readonly changed: boolean | null
  readonly canceled: boolean
  /** Whether GitHub says that an earlier step of the job failed. */
  readonly jobFailed: boolean
  /** Milliseconds since 1970, for times of day in texts. */
  readonly now: number
}
