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
  const first = /<[A-Za-z]/.exec(text)?.index ?? 0
  if (/<!DOCTYPE/i.test(text.slice(0, first))) return { ok: false, problem: 'it has a document type; remove it' }
  if (first === 0 && !text.startsWith('<')) return { ok: false, problem: 'it is not XML' }
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
