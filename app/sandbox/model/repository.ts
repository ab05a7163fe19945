/** Repositories, labels and milestones. Types only; git objects live beside, in git/. */
import type { Role } from './account.ts'

export interface Repository {
  readonly id: number
  readonly ownerId: number
  readonly name: string
  readonly private: boolean
  readonly description: string | null
  readonly defaultBranch: string
  /** Account id → role. On a public repository everyone else reads. */
  readonly collaborators: Readonly<Record<number, Role>>
  /** Account id → the organisation's own name for that role, such as `reviewer`; GitHub shows it as `role_name`. */
  readonly customRoles: Readonly<Record<number, string>>
  /** Nothing of it can be changed any more, but that. */
  readonly archived: boolean
  /** Issues and pull requests share one sequence of numbers. */
  readonly lastNumber: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly pushedAt: number
}

export interface Label {
  readonly id: number
  readonly repositoryId: number
  readonly name: string
  /** Six hexadecimal digits without `#`. */
  readonly color: string
  readonly description: string | null
}

/** The colour GitHub gives to a label that was made by naming it. */
export const IMPLICIT_LABEL_COLOR = 'ededed'

export interface Milestone {
  readonly id: number
  readonly repositoryId: number
  readonly number: number
  readonly title: string
  readonly description: string | null
  readonly state: 'open' | 'closed'
  readonly creatorId: number
  readonly dueOn: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly closedAt: number | null
}
