/** Parses XML of test reports into plain objects, within limits: no document types, so no entities but the built-in ones. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { asArray, asObject, type JsonObject } from '../json-fields.ts'

/** The largest real reports are some tens of megabytes; parsing takes about ten times as much memory. */
export const MAX_XML = 32 * 1024 * 1024

const MAX_NESTING = 64

/** Elements are arrays whether they occur once or often; attributes begin with `@`; text is `#text`. */
const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Numeric references (`&#10;`) are decoded only with this.
  htmlEntities: true,
  maxNestedTags: MAX_NESTING,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
})

export type ParsedXml =
  | { readonly ok: true; readonly root: JsonObject; readonly complete: boolean }
  | { readonly ok: false; readonly problem: string }

/** Text that breaks off is read as far as its last complete element `</lastWhole>`, and is then not complete. */
export const parseXml = (text: string, lastWhole: string): ParsedXml => {
  if (text.length > MAX_XML) return { ok: false, problem: 'it is larger than 32 MB; split it' }
  const start = skipProlog(text)
  if (/^<!DOCTYPE/i.test(text.slice(start, start + 9)))
    return { ok: false, problem: 'it has a document type; remove it' }
  if (!/<[A-Za-z]/.test(text)) return { ok: false, problem: 'it is not XML' }
  const complete = XMLValidator.validate(text) === true
  const end = text.lastIndexOf(`</${lastWhole}>`)
  const tries = complete || end === -1 ? [text] : [text, text.slice(0, end + lastWhole.length + 3)]
  for (const part of tries) {
    try {
      const root = asObject(PARSER.parse(part))
      if (root !== null) return { ok: true, root, complete }
    } catch {
      // The next, shorter part may be whole.
    }
  }
  return { ok: false, problem: 'it is not XML, or it breaks off' }
}

/** Where the first element or the document type begins: after white space, declarations and comments. */
const skipProlog = (text: string): number => {
  const word = /[^\s\uFEFF]/g
  for (;;) {
    const at = word.exec(text)?.index ?? text.length
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : null
    const after = end === null ? -1 : text.indexOf(end, at)
    if (end === null || after === -1) return at
    word.lastIndex = after + end.length
  }
}

/** Text of bytes in UTF-8, or in the UTF-16 that Windows writes when the first two bytes say so. */
export const decodeText = (bytes: Uint8Array): string => {
  const [a, b] = bytes
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

/** The child elements of a name, in order. An element without attributes and children is its text. */
export const childrenOf = (element: JsonObject, name: string): readonly JsonObject[] =>
  asArray(element[name]).map((child) => asObject(child) ?? { '#text': typeof child === 'string' ? child : '' })

export const attribute = (element: JsonObject, name: string): string | null => {
  const value = element[`@${name}`]
  return typeof value === 'string' && value !== '' ? value : null
}

export const textOf = (element: JsonObject): string => {
  const text = element['#text']
  if (Array.isArray(text)) return text.filter((part) => typeof part === 'string').join('')
  return typeof text === 'string' ? text : ''
}
