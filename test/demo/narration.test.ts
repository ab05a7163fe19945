/** What the demo prints, and how it waits. */
import { describe, expect, test } from 'vitest'

import { parseOptions } from '../../demo/options.ts'
import { createNarrator } from '../../demo/story/narrator.ts'
import { waitFor, WaitedTooLong } from '../../demo/story/wait-for.ts'

function told(screen: { isTTY?: boolean; columns?: number }, env: Record<string, string>): string {
  let text = ''
  const tell = createNarrator({ ...screen, write: (part) => (text += part) }, env)
  tell.heading('Attempt 1')
  tell.busy('a job with a name that is much longer than the terminal is wide')
  tell.good('done', 'http://127.0.0.1/1')
  tell.bad('failed')
  return text
}

describe('the narrator', () => {
  test('writes plain lines where there is no terminal', () => {
    expect(told({}, {})).toBe('\nAttempt 1\n✔ done\n    http://127.0.0.1/1\n✖ failed\n')
  })

  test('shows on a terminal what is under way, within its width', () => {
    const text = told({ isTTY: true, columns: 30 }, {})
    expect(text).toContain('\u001B[32m✔')
    expect(text).toContain('… a job with a name that is m')
    expect(text).not.toContain('a job with a name that is much longer')
  })

  test('has no colours with NO_COLOR', () => {
    expect(told({ isTTY: true }, { NO_COLOR: '1' })).not.toContain('\u001B[3')
    expect(told({ isTTY: true }, { NO_COLOR: '' })).toContain('\u001B[32m')
  })
})

describe('options', () => {
  test('have defaults', () => {
    expect(parseOptions([])).toEqual({ seed: 1, once: false, json: false, help: false })
    expect(parseOptions(['--once', '--json', '--seed', '12'])).toMatchObject({ seed: 12, once: true, json: true })
  })

  test.each([['--seed', 'x'], ['--seed=-1'], ['--seed='], ['--unknown']])('refuse %s', (...argv) => {
    expect(() => parseOptions(argv)).toThrow()
  })
})

test('a wait that ends in vain says what it waited for, what it saw and where to look', async () => {
  const wait = waitFor({
    what: 'the label status/done',
    look: async () => undefined,
    seen: () => 'status/review',
    where: 'the log',
    timeoutMs: 0,
  })
  await expect(wait).rejects.toThrow(WaitedTooLong)
  await expect(wait).rejects.toThrow('Waited 0 s for the label status/done; saw status/review. Look at the log')
})

test('a wait gives back what it found', async () => {
  let looks = 0
  const wait = { what: 'it', seen: () => '', where: '' }
  expect(await waitFor({ ...wait, look: async () => ((looks += 1) === 2 ? 'found' : undefined) })).toBe('found')
})
