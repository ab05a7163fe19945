/** "The store broke": the only error that leaves app/store/. Its message is one line that says what to do and never holds a password. */

export type StoreFaultCode =
  /** The database does not answer, or refuses the connection. */
  | 'unreachable'
  /** Other writers held the lock for longer than we wait. */
  | 'busy'
  | 'disk-full'
  | 'read-only'
  | 'corrupt'
  /** The data directory is not on a local disk, or cannot be used. */
  | 'bad-place'
  /** The database was made by a newer version of Muster. */
  | 'too-new'
  /** Events handed to append do not continue the stream's hash chain: a programming error, nothing was written. */
  | 'broken-chain'
  | 'bad-demand'
  | 'backup'
  | 'closed'
  /** Anything else that the database said. */
  | 'database'

export class StoreFault extends Error {
  override readonly name = 'StoreFault'
  readonly code: StoreFaultCode
  /** Whether the same call may succeed when repeated. An append that failed so may have been committed: its cause tells. */
  readonly retryable: boolean

  constructor(code: StoreFaultCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.retryable = options.retryable ?? false
  }
}
