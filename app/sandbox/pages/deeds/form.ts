/** A submitted form, read. Texts of several lines get the line ends that a browser sends. */
import type { Repository } from '../../model/repository.ts'
import type { World } from '../../world.ts'

/** Enough for a body of 65,536 four-byte characters, percent-encoded. */
export const MAX_FORM_BYTES = 1_000_000

export interface Form {
  readonly world: World
  readonly repo: Repository
  /** From the path. */
  readonly params: Readonly<Record<string, string>>
  /** `/repos/acme/widgets`: what API paths begin with. */
  readonly api: string
  /** `/acme/widgets`: what page paths begin with. */
  readonly base: string
  /** A field of one line; empty when absent. */
  text(name: string): string
  has(name: string): boolean
  /** A field of several lines. */
  lines(name: string): string
}

/** Browsers send CRLF; with the switch off, text arrives as scripts send it. */
export function lineEnds(text: string, crlf: boolean): string {
  const plain = text.replaceAll(/\r\n?/g, '\n')
  return crlf ? plain.replaceAll('\n', '\r\n') : plain
}

export function createForm(
  place: Pick<Form, 'world' | 'repo' | 'params' | 'api' | 'base'>,
  fields: URLSearchParams,
): Form {
  return {
    ...place,
    text: (name) => fields.get(name) ?? '',
    has: (name) => fields.has(name),
    lines: (name) => lineEnds(fields.get(name) ?? '', place.world.switches.browserCrlf),
  }
}
