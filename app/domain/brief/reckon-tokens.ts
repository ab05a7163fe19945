/** How many tokens a text takes, reckoned without any model's tokenizer: four bytes of UTF-8 each, rounded up. */

export const BYTES_PER_TOKEN = 4

export const reckonTokens = (text: string): number => Math.ceil(utf8Bytes(text) / BYTES_PER_TOKEN)

/** Halves of characters count as the mark that stands for them. */
export const utf8Bytes = (text: string): number => {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
