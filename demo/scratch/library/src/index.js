/** Everything that the package offers. */
export { addMonths, daysBetween, daysInMonth, isLeapYear, isoWeek } from './calendar.js'
export { formatCsv, parseCsv } from './csv.js'
export { formatCents, parseCents, splitCents } from './money.js'
export { covers, mergeRanges, subtractRange } from './ranges.js'
export { createRecent } from './recent.js'
export { slugify } from './slug.js'
export { compareVersions, isNewer, parseVersion } from './versions.js'
export { shorten, wrapText } from './wrap.js'
