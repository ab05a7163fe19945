/**
 * The shapes of secrets that can be known by looking: vendor prefixes, headers, URL passwords and named assignments.
 * Every expression is linear: each starts at a fixed word and nothing that may fail follows an unbounded run.
 * PEM blocks span lines and are handled where this table is used.
 */

export interface SecretShape {
  /** What stands in the place of the secret: `[redacted <name>]`. */
  readonly name: string
  /** Global. When it has a capture group, the group is the harmless lead-in (name, header) and is kept. */
  readonly pattern: RegExp
}

/** A word may also begin right after a JSON-escaped line break: logs are often JSON inside JSON. */
const WORD_START = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))`

/** Values that only stand for a secret (`$TOKEN`, `<token>`, `***`, `[redacted …]`) are left alone. */
const VALUE_START = String.raw`(?![$<{*[(%])`

const AUTH_SCHEME = '(?:bearer|basic|token|digest|negotiate)'

const SECRET_NAMES =
  'password|passwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|account[_-]?key|private[_-]?key|credentials?'

export const SECRET_SHAPES: readonly SecretShape[] = [
  // The stateless `ghs_` form is `ghs_<app id>_<JWT>`: it has dots, and no fixed length.
  { name: 'github-token', pattern: /gh[opsur]_[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)*/g },
  { name: 'github-token', pattern: /github_pat_[A-Za-z0-9_]{16,}/g },
  { name: 'agent-key', pattern: /muster_agent_[A-Za-z0-9_-]{16,}/g },
  { name: 'anthropic-key', pattern: /sk-ant-[A-Za-z0-9_-]{8,}/g },
  // The digit tells a key from a kebab-case name such as a CSS class.
  { name: 'api-key', pattern: new RegExp(`${WORD_START}sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}`, 'g') },
  { name: 'stripe-key', pattern: /(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{20,}/g },
  { name: 'aws-key-id', pattern: /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { name: 'google-key', pattern: /AIza[A-Za-z0-9_-]{35}/g },
  { name: 'google-token', pattern: /ya29\.[A-Za-z0-9_-]{20,}/g },
  { name: 'slack-token', pattern: /xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}/g },
  { name: 'slack-webhook', pattern: /hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,}/g },
  { name: 'npm-token', pattern: /npm_[A-Za-z0-9]{30,}/g },
  { name: 'pypi-token', pattern: /pypi-[A-Za-z0-9_-]{40,}/g },
  { name: 'gitlab-token', pattern: /gl(?:pat|rt|dt|oas)-[A-Za-z0-9_-]{20,}/g },
  { name: 'huggingface-token', pattern: /hf_[A-Za-z0-9]{30,}/g },
  {
    name: 'jwt',
    pattern: new RegExp(`${WORD_START}eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*`, 'g'),
  },
  {
    name: 'header',
    pattern: new RegExp(
      String.raw`((?:authorization|x-api-key|private-token)\\?["']?[ \t]{0,8}[:=][ \t]{0,8}\\?["']?` +
        String.raw`(?:${AUTH_SCHEME}[ \t]{1,8})?)(?!${AUTH_SCHEME}[ \t])${VALUE_START}[^\s"'\\,]{4,}`,
      'gi',
    ),
  },
  { name: 'cookie', pattern: /(\bcookie\\?["']?: ?\\?["']?)(?![$<{*[(%])[^\r\n"'\\]{4,}/gi },
  {
    name: 'bearer-token',
    pattern: new RegExp(
      `(\\bbearer[ \\t]{1,8})${VALUE_START}(?=[A-Za-z._~+/-]{0,400}[0-9])[A-Za-z0-9._~+/=-]{16,}`,
      'gi',
    ),
  },
  { name: 'url-password', pattern: /(:\/\/[^\s/:@]{0,100}:)(?![$<{*[(%])[^\s/@]{1,400}(?=@)/g },
  // Written tight (`password=x`) any value counts; with spaces or a colon only a quoted one or one with letters and
  // digits, since `token: string` and `password = read()` are code.
  {
    name: 'value',
    pattern: new RegExp(
      `((?:${SECRET_NAMES})=)${VALUE_START}(?![0-9.]{1,20}(?![\\w-]))[^\\s"'\`\\\\,;&|()<>{}[\\]]{6,}`,
      'gi',
    ),
  },
  {
    name: 'value',
    pattern: new RegExp(
      String.raw`((?:${SECRET_NAMES})\\?["']?[ \t]{0,4}(?::|=)[ \t]{0,4}\\?["'])${VALUE_START}[^\s"'\\]{6,400}(?=\\?["'])`,
      'gi',
    ),
  },
  {
    name: 'value',
    pattern: new RegExp(
      `((?:${SECRET_NAMES})[ \\t]{0,4}[:=][ \\t]{1,4})${VALUE_START}(?=[A-Za-z_+/=-]{0,200}[0-9])(?=[0-9_+/=-]{0,200}[A-Za-z])[A-Za-z0-9_+/=-]{12,}`,
      'gi',
    ),
  },
]
