import { describe, expect, it } from 'vitest'
import { priceOf } from '../../../app/domain/budget/prices.ts'

const used = (over: object = {}) => ({
  total: 0,
  input: 156,
  output: 10_580,
  cacheRead: 1_773_252,
  cacheWrite: 60_390,
  ...over,
})

describe('the price of tokens', () => {
  it('is what Claude Code itself said of a real run', () => {
    expect(priceOf(used(), 'claude-sonnet-4-5-20250929')).toBe(917_607)
  })

  it.each([
    'claude-sonnet-4-5',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'claude-sonnet-4-5@20250929',
    'anthropic/claude-sonnet-4-5',
    'Claude-Sonnet-4-5[1m]',
  ])('knows %s', (model) => expect(priceOf(used(), model)).toBe(917_607))

  it.each([
    'claude-sonnet-4-5-1',
    'claude-opus-5-1',
    'gpt-5.9',
    'gpt-5-nano',
    'my-claude-opus-55',
    'xgpt-5',
    'other',
    null,
  ])('does not know %s', (model) => expect(priceOf(used(), model)).toBeNull())

  it('is not guessed from a total alone', () => {
    expect(priceOf(used({ input: null }), 'claude-opus-5')).toBeNull()
    expect(priceOf(used({ output: null }), 'claude-opus-5')).toBeNull()
  })

  it('is the configured one before ours; caches cost as input where nothing is said of them', () => {
    const prices = {
      'my-model': { input: 1, output: 2, cacheRead: null, cacheWrite: null },
      'gpt-5': { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
    }
    expect(priceOf(used({ input: 10, output: 10, cacheRead: 5, cacheWrite: 1 }), 'my-model', prices)).toBe(36)
    expect(priceOf(used({ input: 10, output: 10 }), 'gpt-5', prices)).toBe(20)
  })
})
