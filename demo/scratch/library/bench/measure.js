/**
 * `npm run bench`: how long one call of each function takes, as JSON that github-action-benchmark reads
 * (customSmallerIsBetter). The value is the median of several rounds, the range half of what lies between the quartiles.
 */
import { addMonths, compareVersions, mergeRanges, parseCsv, slugify, splitCents, wrapText } from '../src/index.js'

const ROUNDS = 15
const ROUND_MS = 8

const table = Array.from({ length: 50 }, (_, row) => `${row},"a ""quoted"" cell",plain\n`).join('')
const bookings = Array.from({ length: 100 }, (_, index) => ({ from: (index * 37) % 500, to: ((index * 37) % 500) + 9 }))
const paragraph = 'The quick brown fox jumps over the lazy dog. '.repeat(20)

const CASES = {
  'splitCents, 5 shares': () => splitCents(123_457, [5, 4, 3, 2, 1]),
  addMonths: () => addMonths({ year: 2024, month: 1, day: 31 }, 13),
  'parseCsv, 50 rows': () => parseCsv(table),
  'mergeRanges, 100 ranges': () => mergeRanges(bookings),
  slugify: () => slugify('Élan & Söhne: a history of the house in nine volumes'),
  'wrapText, 900 characters': () => wrapText(paragraph, 72),
  compareVersions: () => compareVersions('1.10.0-beta.2', '1.10.0-beta.11'),
}

/** Nanoseconds for one call, over about ROUND_MS. */
function measureRound(call) {
  const start = performance.now()
  let calls = 0
  let passed = 0
  while (passed < ROUND_MS) {
    for (let repeat = 0; repeat < 20; repeat += 1) call()
    calls += 20
    passed = performance.now() - start
  }
  return (passed * 1e6) / calls
}

function measure([name, call]) {
  measureRound(call)
  const rounds = Array.from({ length: ROUNDS }, () => measureRound(call)).sort((a, b) => a - b)
  const at = (share) => rounds[Math.floor((ROUNDS - 1) * share)]
  const spread = (at(0.75) - at(0.25)) / 2
  return { name, value: Math.round(at(0.5)), unit: 'ns/call', range: `± ${Math.round(spread)}` }
}

console.log(JSON.stringify(Object.entries(CASES).map(measure), null, 2))
