/** The HTTP status of each rejection: what an agent's client can act on without reading the text. */
import type { RejectionCode } from '../../domain/rejection.ts'

export type HttpStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 423 | 500 | 503

const STATUS = {
  'not-a-task': 404,
  'role-too-low': 403,
  'wrong-status': 409,
  'already-claimed': 409,
  blocked: 409,
  waits: 409,
  'no-lease': 409,
  'stale-fence': 409,
  'fence-missing': 400,
  'not-the-holder': 403,
  'no-such-attempt': 404,
  'no-such-blocker': 404,
  'no-such-finding': 404,
  'no-such-step': 404,
  'input-invalid': 422,
  'output-invalid': 422,
  'unknown-reference': 404,
  'self-dependency': 422,
  'dependency-exists': 409,
  'no-such-dependency': 404,
  'dependency-cycle': 422,
  'ttl-out-of-range': 422,
  'invalid-argument': 422,
  'too-many': 422,
  'project-paused': 423,
  'not-understood': 400,
  'idempotency-key-reused': 422,
} as const satisfies Record<RejectionCode, HttpStatus>

export const statusOf = (code: RejectionCode): HttpStatus => STATUS[code]
