import { afterEach, expect, it } from 'vitest'
import { typedText } from '../../app/sandbox/changes/typed-text.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
afterEach(() => sandbox.close())

it.each([
  [true, 'a\r\nb\r\n\r\nc'],
  [false, 'a\nb\n\nc'],
])('arrives with CRLF when the switch says so: %s', async (browserCrlf, arrived) => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS, switches: { browserCrlf } })
  expect(typedText(sandbox.world, 'a\nb\r\n\rc')).toBe(arrived)
})
