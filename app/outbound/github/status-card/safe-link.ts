/** Links whose text and address both come from others. */
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'

const MAX_URL = 1_000

/** An http or https address that cannot leave its place in a Markdown table and carries nothing to make inert (a token, a marker), or null. */
const safeUrl = (url: string): string | null => {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null
  if (parsed.username !== '' || parsed.password !== '' || parsed.href.length > MAX_URL) return null
  const href = parsed.href.replace(/[()<>|\\`*_[\]@]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`)
  return neutraliseLine(href, href.length) === href ? href : null
}

/** A link for a table cell; only its text when the address is not one to follow. */
export const safeLink = (text: string, url: string, max: number): string => {
  // A backslash before a bracket would undo ours.
  const label = neutraliseCell(text, max)
    .replace(/\\(?=[[\]])/g, '\\\u200b')
    .replace(/[[\]]/g, String.raw`\$&`)
  const target = safeUrl(url)
  return target === null ? label : `[${label}](${target})`
}
