/** A verdict in words: one line of what decided, and the tree as an indented list. Plain text; whoever publishes it makes it inert. */
import type { PolicyNode, PolicyResult } from './evaluate.ts'

/** Why, without full stop: the reason of the first rule that decided. */
export const reasonOf = ({ rules }: PolicyResult): string => {
  const [first] = rules
  return first === undefined ? 'no rule of the policy allows it' : (first.reason ?? `the rule ${first.id}`)
}

export const explainTree = ({ tree }: PolicyResult): string => linesOf(tree, 0).join('\n')

const linesOf = ({ rule, matched, reason, children }: PolicyNode, depth: number): readonly string[] => [
  `${'  '.repeat(depth)}- ${matched ? 'yes' : 'no'}: ${rule === null ? '' : `${rule}: `}${reason}`,
  ...children.flatMap((child) => linesOf(child, depth + 1)),
]
