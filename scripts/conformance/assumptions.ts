/** All that is looked at, in order. */
import type { Assumption } from './assumption.ts'
import { COMMENTS } from './comments.ts'
import { GRAPHQL } from './graphql.ts'
import { ISSUES } from './issues.ts'
import { LABELS } from './labels.ts'
import { PULLS } from './pulls.ts'
import { READING } from './reading.ts'
import { RELATIONS } from './relations.ts'

export const ASSUMPTIONS: readonly Assumption[] = [
  ...READING,
  ...COMMENTS,
  ...LABELS,
  ...ISSUES,
  ...RELATIONS,
  ...GRAPHQL,
  ...PULLS,
]
