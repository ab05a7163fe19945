/** Another task as people read it: its key, and its issue as GitHub links it. */
import type { TaskRef } from '../../../domain/task/state.ts'

/** Keys are ours, but they may stand in a graph, which is code: nothing else may. */
export const plainKey = (key: string): string => key.replace(/[^A-Za-z0-9-]/g, '').slice(0, 40)

/** `#12`, or `owner/repo#12` of another project. Names of repositories are GitHub's: letters, digits, `.`, `_` and `-`. */
export const issueOf = ({ stream, repository }: TaskRef): string =>
  `${(repository ?? '').replace(/[^\w./-]/g, '')}#${Number(stream.split('/')[2])}`
