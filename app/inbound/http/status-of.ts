/** The HTTP status of each rejection: what an agent's client can act on without reading the text. */
import type { RejectionCode } from '../../domain/rejection.ts'

export type HttpStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 423 | 429 | 500 | 503

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
  'unknown-reference': 404,
  'self-dependency': 422,
  'dependency-exists': 409,
  'no-such-dependency': 404,
  'dependency-cycle': 422,
  'parent-cycle': 422,
  'too-deep': 422,
  'too-many-children': 422,
  'ttl-out-of-range': 422,
  'invalid-argument': 422,
  'too-many': 422,
  'lacks-capabilities': 403,
  'outside-share': 403,
  'nothing-ready': 404,
  'wip-limit': 429,
  'project-paused': 423,
  killed: 423,
  'not-killed': 409,
  'policy-denied': 403,
  'gate-open': 423,
  'unknown-gate': 404,
  'people-only': 403,
  'own-approval': 403,
  'other-head': 409,
  'not-understood': 400,
  'idempotency-key-reused': 422,
} as const satisfies Record<RejectionCode, HttpStatus>

export const statusOf = (code: RejectionCode): HttpStatus => STATUS[code]
