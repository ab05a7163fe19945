/** Reads Claude Code's result message, or what stands in for it when the log breaks off, as a terminal event. */
import type { TerminalEvent } from '../../../app/domain/failure/signals.ts'
import { asArray, asCount, asText, type JsonObject } from '../json-fields.ts'

const MAX_ERROR = 8_000

/** The error that stood when the log ended: of the last message, or of a call that was being retried. */
export interface LastError {
  readonly code: string | null
  readonly status: number | null
  readonly text: string
}

export interface Ending {
  readonly denials: readonly string[]
  readonly limitResetsAt: number | null
  readonly lastError: LastError | null
}

/** Null when the log has neither a result nor an error at its end. */
export const readTerminal = (result: JsonObject | null, ending: Ending): TerminalEvent | null => {
  const { denials, limitResetsAt, lastError } = ending
  if (result === null) {
    if (lastError === null) return null
    return {
      ok: false,
      assistantError: lastError.code,
      terminalReason: null,
      subtype: null,
      apiStatus: lastError.status,
      startupFailure: null,
      errorText: lastError.text,
      denials,
      limitResetsAt,
    }
  }
  const subtype = asText(result['subtype'], 100)
  // `subtype: "success"` with `is_error: true` is an API error whose text is the result.
  const ok = result['is_error'] !== true && (subtype === null || subtype === 'success')
  return {
    ok,
    assistantError: ok ? null : (lastError?.code ?? null),
    terminalReason: ok ? null : asText(result['terminal_reason'], 100),
    subtype,
    apiStatus: ok ? null : (asCount(result['api_error_status']) ?? lastError?.status ?? null),
    startupFailure: ok ? null : asText(result['startup_failure_reason'], MAX_ERROR),
    errorText: ok ? '' : readErrorText(result, lastError),
    denials,
    limitResetsAt,
  }
}

const readErrorText = (result: JsonObject, lastError: LastError | null): string => {
  const errors = asArray(result['errors']).flatMap((error) => asText(error, MAX_ERROR) ?? [])
  const reason = asText(result['startup_failure_reason'], MAX_ERROR)
  const parts = [...(reason === null ? [] : [reason]), ...errors]
  if (parts.length > 0) return parts.join('\n').slice(0, MAX_ERROR)
  return asText(result['result'], MAX_ERROR) ?? asText(result['error'], MAX_ERROR) ?? lastError?.text ?? ''
}
