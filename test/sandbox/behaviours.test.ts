import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Behaviour, BEHAVIOURS } from '../../app/sandbox/behaviours.ts'
import { describedOperation, describesPayload } from '../../app/sandbox/description/github-description.ts'
import { createManualClock } from '../../app/sandbox/clock.ts'
import { FRIENDLY, type Switches, UNKIND } from '../../app/sandbox/switches.ts'
import { startSandbox } from './start-sandbox.ts'
import { SWITCH_CASES, type SwitchCase } from './switch-cases.ts'

const textOf = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

describe.each(BEHAVIOURS.map((one) => [one.is, one] as const))('%s', (_is, behaviour: Behaviour) => {
  it('has a source that is one', () => {
    const { source } = behaviour
    if ('docs' in source) expect(source.docs).toMatch(/^https:\/\/docs\.github\.com\/[\w-]+\/\S+$/)
    else if ('operation' in source) expect(describedOperation(source.operation)).toBeDefined()
    else if ('payload' in source) expect(describesPayload(source.payload)).toBe(true)
    else expect(source.issue).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(issues|pull|discussions)\/\d+$/)
  })

  it('is tested by name', () => {
    const [file = '', title = ''] = behaviour.test.split(': ', 2)
    expect(textOf(file).replaceAll("\\'", "'")).toContain(behaviour.test.slice(file.length + 2))
    expect(title).not.toBe('')
  })
})

describe.each(Object.entries(SWITCH_CASES))('the switch %s', (name, one: SwitchCase<unknown>) => {
  it.each(one.values)('set to %j shows %j', async (value, seen) => {
    const clock = createManualClock()
    const started = await startSandbox({ clock, switches: { ...one.also, [name]: value } })
    expect(await one.look({ ...started, clock })).toEqual(seen)
  })

  it('has its default among the values, and another one that shows something else', () => {
    expect(one.values.map(([value]) => value)).toContainEqual(UNKIND[name as keyof Switches])
    const sights = new Set(one.values.map(([, seen]) => JSON.stringify(seen)))
    expect(sights.size).toBe(one.values.length)
    expect(sights.size).toBeGreaterThan(1)
  })
})

it('names every switch once', () => {
  const named = BEHAVIOURS.flatMap((one) => (one.switch ? [one.switch] : []))
  expect(named.toSorted()).toEqual(Object.keys(UNKIND).toSorted())
})

it('is friendly only where the unkind switches are unkind', () => {
  const differ = (Object.keys(UNKIND) as (keyof Switches)[]).filter(
    (name) => String(FRIENDLY[name]) !== String(UNKIND[name]),
  )
  expect(differ.toSorted()).toEqual(
    [
      'browserCrlf',
      'deliveryDelayMs',
      'enforceLimits',
      'mergeableLate',
      'searchLagMs',
      'staleListMs',
      'staleListShare',
    ].toSorted(),
  )
})
