/** Cuts a stream of text into lines with bounded memory. */

/** Yields each line without its end; null for a line of more than `maxLength` UTF-16 units, which is dropped. */
export async function* splitLines(chunks: AsyncIterable<string>, maxLength: number): AsyncGenerator<string | null> {
  let parts: string[] = []
  let held = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      held += end - from
      yield held > maxLength ? null : [...parts, chunk.slice(from, end)].join('').replace(/\r$/, '')
      parts = []
      held = 0
      from = end + 1
    }
    held += chunk.length - from
    if (held > maxLength) parts = []
    else if (from < chunk.length) parts.push(chunk.slice(from))
  }
  if (held > 0) yield held > maxLength ? null : parts.join('').replace(/\r$/, '')
}
