/** Titles to parts of addresses: lower case, plain letters and digits, single hyphens. */

const LETTERS = { ß: 'ss', æ: 'ae', ø: 'o', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th' }

const plain = (text) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ßæøœłđðþ]/g, (letter) => LETTERS[letter])

/** `Élan & Söhne` → `elan-sohne`. Longer ones are cut between words where they can be; `untitled` when nothing is left. */
export function slugify(title, longest = 40) {
  const slug = plain(title)
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  if (slug === '') return 'untitled'
  if (slug.length <= longest) return slug
  const cut = slug.slice(0, longest + 1)
  const end = cut.lastIndexOf('-')
  return end > 0 ? cut.slice(0, end) : slug.slice(0, longest)
}
