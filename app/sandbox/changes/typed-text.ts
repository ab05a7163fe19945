/** Text that a person typed into a page: browsers send forms with CRLF line ends, whatever was typed. */
import type { World } from '../world.ts'

export function typedText(world: World, text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n')
  return world.switches.browserCrlf ? lines.replaceAll('\n', '\r\n') : lines
}
