/** Short texts that are dense in Markdown's structure and in slashes, for comparing two readings of them. */
import * as fc from 'fast-check'

const MARKS = ['', '', '', '', ' ', '  ', '   ', '>', '> ', '- ', '-', '-   ', '* ', '+ ', '1. ']
/** Not in one text: where code indents and lists that cannot interrupt meet, the two readings need not agree. */
const INDENTS = ['    ', '     ', '\t', ' \t', '  \t', '>\t', '-     ', '-\t']
const WEAK_LISTS = ['2) ', '10. ']
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

const lineOf = (prefixes: readonly string[], emptyItems: boolean): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...prefixes), { maxLength: 3 }),
      fc.constantFrom(...CONTENTS),
      fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.constantFrom(...INLINES), { maxLength: 4 }) },
      ),
      fc.boolean(),
    )
    .map(([marks, content, inlines, first]) => {
      const inline = inlines.join('')
      const text = first ? inline + content : content + inline
      const bare = !emptyItems && text.trim().length < 2
      return `${marks.join('')}${bare && marks.length > 0 ? 'x' : text}`
    })

const textOf = (line: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(line, fc.constantFrom(...BREAKS)), { maxLength: 9 })
    .map((lines) => lines.map(([text, end]) => text + end).join(''))

/** Up to nine lines with mixed line endings. */
export const soup: fc.Arbitrary<string> = fc.oneof(
  textOf(lineOf([...MARKS, ...INDENTS], false)),
  textOf(lineOf([...MARKS, ...WEAK_LISTS], true)),
)
