/** Whether a text is like a pattern, in which `*` stands for any characters, none included. Case does not matter. Linear in both but for their product. */
export const isLike = (text: string, pattern: string): boolean => {
  const t = text.toLowerCase()
  const p = pattern.toLowerCase()
  let at = 0
  let place = 0
  let star = -1
  let resume = 0
  while (at < t.length) {
    if (p[place] === '*') {
      star = place
      resume = at
      place += 1
    } else if (p[place] === t[at]) {
      place += 1
      at += 1
    } else if (star >= 0) {
      // The newest star takes one more character.
      resume += 1
      at = resume
      place = star + 1
    } else return false
  }
  while (p[place] === '*') place += 1
  return place === p.length
}
