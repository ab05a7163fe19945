import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compareVersions, isNewer, parseVersion } from '../src/versions.js'

test('reads versions', () => {
  assert.deepEqual(parseVersion('v1.20.3'), { numbers: [1, 20, 3], before: [] })
  assert.deepEqual(parseVersion('2.0.0-rc.1+build.5'), { numbers: [2, 0, 0], before: ['rc', '1'] })
  assert.equal(parseVersion('1.2'), undefined)
})

test('compares numbers as numbers', () => {
  assert.equal(compareVersions('1.10.0', '1.9.0'), 1)
  assert.equal(compareVersions('1.2.3', '2.0.0'), -1)
  assert.equal(compareVersions('1.2.3', 'v1.2.3'), 0)
})

test('puts a release after its pre-releases', () => {
  assert.equal(compareVersions('1.0.0', '1.0.0-rc.1'), 1)
  assert.equal(compareVersions('1.0.0-rc.1', '1.0.0'), -1)
})

test('orders pre-releases as the specification does', () => {
  const order = ['alpha', 'alpha.1', 'alpha.beta', 'beta', 'beta.2', 'beta.11', 'rc.1'].map((part) => `1.0.0-${part}`)
  assert.deepEqual(order.toReversed().sort(compareVersions), order)
  for (const [index, version] of order.slice(1).entries()) {
    assert.equal(compareVersions(version, order[index]), 1, `${version} after ${order[index]}`)
    assert.equal(compareVersions(order[index], version), -1, `${order[index]} before ${version}`)
  }
})

test('does not look at build numbers', () => {
  assert.equal(compareVersions('1.0.0+1', '1.0.0+2'), 0)
})

test('says which is newer and refuses nonsense', () => {
  assert.equal(isNewer('1.0.1', '1.0.0'), true)
  assert.equal(isNewer('1.0.0', '1.0.0'), false)
  assert.throws(() => isNewer('latest', '1.0.0'), TypeError)
})
