/** Reads what a step wrote into GITHUB_OUTPUT or GITHUB_ENV: `name=value`, or a heredoc for several lines. */
export function parseCommandFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const heredoc = /^([^=\s]+)<<(.+)$/.exec(line)
    if (heredoc !== null) {
      const [, name = '', delimiter = ''] = heredoc
      const end = lines.indexOf(delimiter, at + 1)
      if (end === -1) throw new Error(`the value of ${name} has no end`)
      values[name] = lines.slice(at + 1, end).join('\n')
      at = end
    } else if (line.includes('=')) {
      values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
    } else if (line.trim() !== '') {
      throw new Error(`a line of the command file has no value: ${line}`)
    }
  }
  return values
}
