import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelsToMake } from '../../../../app/outbound/github/labels/ensure-labels.ts'
import { desiredLabels } from '../../../../app/outbound/github/labels/desired-labels.ts'
import { STANDING_LABELS, agentLabel, familyOf } from '../../../../app/outbound/github/labels/label-table.ts'
import { arbitraryTask } from '../replica/arbitrary-task.ts'
import { aFailedAttempt, aTask, anAttempt } from '../task-fixture.ts'

const names = (task = aTask()) => desiredLabels(task).map(({ name }) => name)

describe('the labels of a task', () => {
  it('say status, priority, the last attempt’s failure and who works on it', () => {
    expect(names(aTask({ status: 'waiting', attempts: [aFailedAttempt()] }))).toEqual([
      'status/waiting',
      'priority/p2',
      'failure/test_fail',
      'agent/claude',
    ])
    expect(names(aTask({ details: { tier: 'complex' } }))).toContain('tier/complex')
    const second = anAttempt({ n: 2, owner: 'bob' })
    expect(names(aTask({ status: 'in_progress', attempts: [aFailedAttempt(), second] }))).toEqual([
      'status/in_progress',
      'priority/p2',
      'agent/bob',
    ])
  })

  it('keep to GitHub’s bounds and to our prefixes, one of each family', () => {
    fc.assert(
      fc.property(arbitraryTask, fc.string(), (task, owner) => {
        const labels = desiredLabels({ ...task, attempts: task.attempts.map((attempt) => ({ ...attempt, owner })) })
        expect(new Set(labels.map(({ name }) => familyOf(name))).size).toBe(labels.length)
        for (const { name, color, description } of labels) {
          expect(name).toMatch(/^[a-z]+\/[\w.-]*$/)
          expect(name.length).toBeLessThanOrEqual(50)
          expect(color).toMatch(/^[0-9a-f]{6}$/)
          expect(description.length).toBeLessThanOrEqual(100)
        }
      }),
    )
  })

  it('are ours by prefix, whatever their case', () => {
    expect([familyOf('Status/Ready'), familyOf('priority/none'), familyOf('bug'), familyOf('substatus/x')]).toEqual([
      'status',
      'priority',
      null,
      null,
    ])
  })
})

describe('labels to make', () => {
  it('are all standing ones with the first that is missing, and agents’ one by one', () => {
    const [first] = STANDING_LABELS
    if (first === undefined) throw new Error('there are none')
    expect(labelsToMake([first, agentLabel('bob')], {})).toEqual([...STANDING_LABELS, agentLabel('bob')])
    const known = Object.fromEntries(STANDING_LABELS.map(({ name }) => [name, 'LA_1']))
    expect(labelsToMake([first, agentLabel('bob')], known)).toEqual([agentLabel('bob')])
    expect(labelsToMake([first], { ...known, 'status/done': null })).toEqual([])
  })
})
