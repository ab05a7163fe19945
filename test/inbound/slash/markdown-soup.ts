/** Short texts that are dense in Markdown's structure and in slashes, for comparing two readings of them. */
import * as fc from 'fast-check'

const PREFIXES = [
  '',
  '',
  '',
  '',
  ' ',
  '  ',
  '   ',
  '    ',
  '     ',
  '\t',
  ' \t',
  '  \t',
  '>',
  '> ',
  '>\t',
  '- ',
  '-',
  '-   ',
  '-     ',
  '-\t',
  '* ',
  '+ ',
  '1. ',
  '2) ',
  '10. ',
]
const CONTENTS = [
  '',
  '',
  '',
  '/retry',
  '/retry',
  '/retry',
  '/retry',
  '/a b',
  '/',
  'text',
  '# h',
  '#',
  '```',
  '````',
  '``` js',
  '~~~',
  '---',
  '===',
  '-',
  '=',
  '***',
  '* * *',
  '_ _ _',
]
const INLINES = [
  '`',
  '``',
  '\\',
  '\\`',
  '<!--',
  '-->',
  '<!-->',
  '<a',
  '<a>',
  '</a>',
  '<div>',
  '</div>',
  '<pre>',
  '</pre>',
  '<?',
  '?>',
  '<!X',
  '<![CDATA[',
  ']]>',
  '>',
  ' ',
  'b="',
  '"',
  "'",
  '[',
  ']',
  '![',
  '](',
  '(',
  ')',
  '[a]:',
  '[a]: /u',
  '[a]: <u>',
  '[',
  '][',
  'b',
  '<http://x>',
  '<script>',
  '</script>',
  '&',
  ';',
]
const BREAKS = ['\n', '\n', '\n', '\n\n', '\r\n', '\r']

const line = fc
  .tuple(
    fc.array(fc.constantFrom(...PREFIXES), { maxLength: 3 }),
    fc.constantFrom(...CONTENTS),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...INLINES), { maxLength: 4 }) },
    ),
    fc.boolean(),
  )
  .map(([prefixes, content, inlines, first]) => {
    const inline = inlines.join('')
    return prefixes.join('') + (first ? inline + content : content + inline)
  })

/** Up to nine lines with mixed line endings. */
export const soup: fc.Arbitrary<string> = fc
  .array(fc.tuple(line, fc.constantFrom(...BREAKS)), { maxLength: 9 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''))
