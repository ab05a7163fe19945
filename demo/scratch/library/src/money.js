/** Amounts of money as whole cents: never as fractions, which lose some. */

/** Splits an amount by weights into whole cents that add up to it again; what is left over goes to the first shares. */
export function splitCents(cents, weights) {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  if (!Number.isInteger(cents) || cents < 0) throw new RangeError('an amount is a whole number of cents')
  if (whole <= 0) throw new RangeError('the weights must add up to more than nothing')
  const shares = weights.map((weight) => Math.floor((cents * weight) / whole))
  const rest = cents - shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share, index) => (index < rest ? share + 1 : share))
}

/** `1234567` → `12,345.67`; negative amounts have a minus in front. */
export function formatCents(cents) {
  const sign = cents < 0 ? '-' : ''
  const positive = Math.abs(cents)
  const units = String(Math.trunc(positive / 100)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  const fraction = String(positive % 100).padStart(2, '0')
  return `${sign}${units}.${fraction}`
}

/** `12,345.67`, `12345.6` or `-3` → cents; undefined for what is no amount. */
export function parseCents(text) {
  const match = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!match) return undefined
  const [, sign, units, fraction = ''] = match
  const cents = Number(units.replaceAll(',', '')) * 100 + Number(fraction.padEnd(2, '0'))
  return sign === '-' && cents !== 0 ? -cents : cents
}
