/** Tables as comma-separated text. Cells with commas, quotes or line breaks stand in quotes; a quote in them is doubled. */

/** Text → rows of cells. Line ends may be `\n` or `\r\n`; the last one is optional. */
export function parseCsv(text) {
  const rows = []
  let row = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    rows.push(row)
    row = []
  }
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (char === '"') quoted = true
    else if (char === ',') endCell()
    else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  if (quoted) throw new SyntaxError('a quoted cell is not closed')
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

const needsQuotes = (cell) => cell.includes(',') || cell.includes('"') || cell.includes('\n') || cell !== cell.trim()

/** Rows of cells → text that `parseCsv` reads back. */
export function formatCsv(rows) {
  const show = (value) => {
    const cell = String(value ?? '')
    return needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  }
  return rows.map((row) => `${row.map(show).join(',')}\n`).join('')
}
