/** Versions such as `1.4.0` and `2.0.0-beta.2`, compared as Semantic Versioning says. */

const SHAPE = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

/** `{ numbers: [major, minor, patch], before: [identifiers of the pre-release] }`, or undefined for what is no version. */
export function parseVersion(text) {
  const match = SHAPE.exec(text.trim())
  if (!match) return undefined
  const [, major, minor, patch, before] = match
  return { numbers: [major, minor, patch].map(Number), before: before === undefined ? [] : before.split('.') }
}

const compareParts = (a, b) => {
  const numeric = /^\d+$/
  if (numeric.test(a) && numeric.test(b)) return Math.sign(a - b)
  if (numeric.test(a) !== numeric.test(b)) return numeric.test(a) ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const compareBefore = (a, b) => {
  // A release is newer than each of its pre-releases.
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length)
  for (const [index, part] of a.entries()) {
    if (index >= b.length) return 1
    const order = compareParts(part, b[index])
    if (order !== 0) return order
  }
  return a.length < b.length ? -1 : 0
}

/** Below zero when the first is older, above when it is newer. Throws for what is no version. */
export function compareVersions(first, second) {
  const [a, b] = [first, second].map((text) => {
    const version = parseVersion(text)
    if (version === undefined) throw new TypeError(`not a version: ${text}`)
    return version
  })
  for (const [index, number] of a.numbers.entries()) {
    if (number !== b.numbers[index]) return Math.sign(number - b.numbers[index])
  }
  return compareBefore(a.before, b.before)
}

export const isNewer = (first, second) => compareVersions(first, second) > 0
