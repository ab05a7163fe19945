/** The report could not be uploaded. The message ends with what to do. */
export class UploadFault extends Error {
  readonly code: 'no-runner' | 'name-taken' | 'refused' | 'unreachable'
  readonly retryable: boolean

  constructor(code: UploadFault['code'], message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'UploadFault'
    this.code = code
    this.retryable = options.retryable ?? false
  }
}
