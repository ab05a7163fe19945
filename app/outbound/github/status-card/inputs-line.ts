/** What the newest attempt started from: commit, model, tools, runner, brief and configuration. */
import type { Task } from '../../../domain/task/state.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'

const WORD_CHARS = 60
const TOOLS_CHARS = 200
/** Enough to compare by eye. */
const SHORT_DIGEST = 12
const SHORT_SHA = 7

export const inputsLine = ({ attempts }: Task): string | null => {
  const last = attempts.at(-1)
  // Where nobody said what it worked with, commit and configuration alone are no news.
  if (last?.inputs === undefined) return null
  const { briefSha256, configSha256, tools, runner } = last.inputs
  if (last.model === null && tools.length === 0 && runner === null && briefSha256 === null) return null
  const code = (text: string, chars: number): string => `\`${neutraliseLine(text, chars).replaceAll('`', '')}\``
  const parts = [
    last.baseSha === null ? null : `from ${code(last.baseSha.slice(0, SHORT_SHA), SHORT_SHA)}`,
    last.model === null ? null : `model ${neutraliseLine(last.model, WORD_CHARS)}`,
    tools.length === 0 ? null : `tools ${neutraliseLine(tools.join(', '), TOOLS_CHARS)}`,
    runner === null ? null : `on ${neutraliseLine(runner, WORD_CHARS)}`,
    briefSha256 === null ? null : `brief \`${briefSha256.slice(0, SHORT_DIGEST)}\``,
    configSha256 === null ? null : `configuration \`${configSha256.slice(0, SHORT_DIGEST)}\``,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : `Attempt ${last.n}: ${parts.join(', ')}.`
}
