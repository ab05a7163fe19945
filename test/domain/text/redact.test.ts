import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact } from '../../../app/domain/text/redact.ts'

// Put together at run time, so that no scanner takes this file for a leak.
const body = (length: number): string => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA'.repeat(8).slice(0, length)
const fake = (prefix: string, length = 36): string => `${prefix}${body(length)}`
const PEM_BEGIN = ['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' ')
const PEM_END = ['-----END RSA PRIVATE', 'KEY-----'].join(' ')
const pem = (inner: string): string => `${PEM_BEGIN}${inner}${PEM_END}`

const SECRETS: Readonly<Record<string, string>> = {
  'classic token': fake('ghp_'),
  'installation token': fake('ghs_'),
  'stateless installation token': `${fake('ghs_123456_eyJ', 30)}.${body(60)}.${body(43)}`,
  'refresh token': fake('ghr_', 76),
  'fine-grained token': fake('github_pat_', 82),
  'Anthropic key': fake('sk-ant-api03-', 90),
  'OpenAI key': fake('sk-', 48),
  'OpenAI project key': fake('sk-proj-', 60),
  'AWS key id': ['AK', 'IA', 'IOSFODNN7EXAMPLQ'].join(''),
  JWT: `${fake('eyJ', 30)}.${fake('eyJ', 60)}.${body(43)}`,
  'Slack token': fake('xoxb-', 40),
  'npm token': fake('npm_', 36),
  'Google key': fake('AIza', 35),
  'GitLab token': fake('glpat-', 20),
  'key of our own agents': fake('muster_agent_', 43),
  'private key': pem(`\n${body(64)}\n${body(64)}\n${body(20)}==\n`),
  'private key inside JSON': pem(`\\n${body(64)}\\n${body(64)}\\n`),
}

describe('every known shape is taken out wherever it stands', () => {
  for (const [name, secret] of Object.entries(SECRETS)) {
    test(name, () => {
      for (const [before, after] of [
        ['', ''],
        ['see ', ' here'],
        ['"', '"'],
        ['{"log":"line\\n', '\\nmore"}'],
        ['x=', ';'],
        ['https://x-access-token:', '@github.com/a/b'],
      ] as const) {
        const clean = redact(`${before}${secret}${after}`)
        expect(clean).not.toContain(secret.slice(-12))
        expect(clean).toContain('[redacted ')
      }
    })
  }
})

describe('values named as secrets', () => {
  test.each([
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted header]'],
    ['authorization: token 0123abcd', 'authorization: token [redacted header]'],
    ['{"Authorization":"Basic dXNlcjpwYXNz"}', '{"Authorization":"Basic [redacted header]"}'],
    ['AUTHORIZATION=opaquevalue', 'AUTHORIZATION=[redacted header]'],
    ['curl -H "x-api-key: opaque99"', 'curl -H "x-api-key: [redacted header]"'],
    ['Set-Cookie: sid=a1b2c3; Path=/', 'Set-Cookie: [redacted cookie]'],
    ['DB_PASSWORD=correct-horse', 'DB_PASSWORD=[redacted value]'],
    ['mysql --password=hunter22 -u root', 'mysql --password=[redacted value] -u root'],
    ['{"client_secret": "abcdef"}', '{"client_secret": "[redacted value]"}'],
    ['{\\"api_key\\": \\"abcdef\\"}', '{\\"api_key\\": \\"[redacted value]\\"}'],
    ['password: s3cr3tAndLonger', 'password: [redacted value]'],
    ['postgres://app:hunter22@db:5432/x', 'postgres://app:[redacted url-password]@db:5432/x'],
  ])('%s', (text, clean) => expect(redact(text)).toBe(clean))
})

test.each([
  'tokens=120000 cost=$1.50',
  'max_tokens: 8192, token=12345',
  'const password: string = readPassword()',
  'password = user.password',
  'GH_TOKEN=$TOKEN token=${{ secrets.TOKEN }} password=<your password>',
  'Authorization: Bearer $TOKEN',
  'Enter password: ',
  'see https://github.com/acme/widgets/issues/12#issuecomment-1 and git@github.com:acme/widgets.git',
  'sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '.sk-folding-cube-with-a-long-name task-0123456789abcdef0123456789',
  'commit 48fc0f2c0ffee48fc0f2c0ffee48fc0f2c0ffee0',
])('leaves alone: %s', (text) => expect(redact(text)).toBe(text))

test('a key block whose end was cut off is taken out, the log after it is kept', () => {
  expect(redact(`${PEM_BEGIN}\n${body(64)}\n${body(64)}\nError: no such file`)).toBe(
    '[redacted private-key]Error: no such file',
  )
  expect(redact(`${PEM_BEGIN} and prose`)).toBe('[redacted private-key] and prose')
})

test('named literals go first and longest first; very short ones are not searched', () => {
  expect(redact('a swordfish-2 b swordfish c at', ['swordfish', 'swordfish-2', 'at'])).toBe(
    'a [redacted secret] b [redacted secret] c at',
  )
  expect(redact('x $& y', ['$& y'])).toBe('x $& y')
})

const piece = fc.oneof(
  fc.constantFrom(
    ...Object.values(SECRETS),
    'password',
    '=',
    ': ',
    'token',
    '"',
    '\\',
    '\\n',
    '\n',
    'Authorization',
    'Bearer ',
    '://',
    '@',
    ':',
    '[redacted ',
  ),
  fc.string({ maxLength: 12 }),
)

test('redacting twice changes nothing, and no vendor token survives among any neighbours', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const clean = redact(pieces.join(' '))
      expect(redact(clean)).toBe(clean)
      expect(clean).not.toMatch(/gh[opsur]_[A-Za-z0-9]{16}|github_pat_[A-Za-z0-9]{16}|sk-ant-[A-Za-z0-9]{8}/)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  'ghp_',
  'sk-',
  'eyJ',
  'eyJaaaaaaaaaa.',
  'password',
  'password=',
  'token: "',
  '://a:',
  'authorization: ',
  'bearer ',
  PEM_BEGIN,
  PEM_END,
  '-----BEGIN ',
  'a',
  '"',
])('a million characters of %j end', (unit) => {
  const text = unit.repeat(Math.ceil(1_000_000 / unit.length))
  expect(redact(text).length).toBeGreaterThan(0)
})

describe('invisible characters hide no secret', () => {
  const UNSEEN = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u200e', '\ufe0f', '\u0000']

  for (const [name, secret] of Object.entries(SECRETS)) {
    test(name, () => {
      for (const unseen of UNSEEN) {
        for (const at of [1, Math.floor(secret.length / 2), secret.length - 2]) {
          const clean = redact(`see ${secret.slice(0, at)}${unseen}${secret.slice(at)} here`)
          expect(clean).toMatch(/^see \[redacted [a-z-]+\].{0,2} here$/)
        }
        const spread = secret.split('').join(unseen)
        expect(redact(`see ${spread} here`)).toMatch(/^see \[redacted [a-z-]+\] here$/)
      }
    })
  }

  test('secrets that the caller knows', () => {
    expect(redact('the sword\u200bfish, and swordfish', ['swordfish'])).toBe(
      'the [redacted secret], and [redacted secret]',
    )
  })

  test('those that hide nothing stay, beside a secret too', () => {
    const family = '👩\u200d👩\u200d👧 and @\u200bbob'
    expect(redact(family)).toBe(family)
    expect(redact(`${family} ${fake('ghp_').replace('_', '_\u200b')} ${family}`)).toBe(
      `${family} [redacted github-token] ${family}`,
    )
  })
})
