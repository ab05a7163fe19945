/** How people name another task. It only reads; whether there is such a task is looked up where the command is carried out. */

export type Reference =
  /** `#12` or `12`: in the same repository. */
  | { readonly kind: 'number'; readonly number: number }
  /** `DEV-12`, upper case. */
  | { readonly kind: 'key'; readonly key: string }
  /** `owner/repo#3` (host null: this GitHub), or the address of an issue. Lower case, since GitHub does not tell them apart. */
  | { readonly kind: 'elsewhere'; readonly host: string | null; readonly repository: string; readonly number: number }

const NUMBER = /^#?(\d{1,9})$/
const KEY = /^([A-Za-z][A-Za-z0-9]{0,7})-(\d{1,9})$/
const ELSEWHERE = /^([\w.-]{1,100}\/[\w.-]{1,100})#(\d{1,9})$/
const ADDRESS =
  /^https?:\/\/([\w.:-]{1,200})\/([\w.-]{1,100}\/[\w.-]{1,100})\/(?:issues|pull)\/(\d{1,9})(?:[/?#]\S{0,500})?$/

export const parseReference = (text: string): Reference | null => {
  const number = NUMBER.exec(text)
  if (number !== null) return { kind: 'number', number: Number(number[1]) }
  const key = KEY.exec(text)
  if (key !== null) return { kind: 'key', key: `${key[1] ?? ''}-${Number(key[2])}`.toUpperCase() }
  const elsewhere = ELSEWHERE.exec(text)
  if (elsewhere !== null) {
    return {
      kind: 'elsewhere',
      host: null,
      repository: (elsewhere[1] ?? '').toLowerCase(),
      number: Number(elsewhere[2]),
    }
  }
  const address = ADDRESS.exec(text)
  if (address === null) return null
  const [, host = '', repository = '', at] = address
  return { kind: 'elsewhere', host: host.toLowerCase(), repository: repository.toLowerCase(), number: Number(at) }
}

export const renderReference = (reference: Reference): string => {
  if (reference.kind === 'number') return `#${reference.number}`
  return reference.kind === 'key' ? reference.key : `${reference.repository}#${reference.number}`
}
