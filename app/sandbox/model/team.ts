/** Teams of an organisation and who is in them; the organisation's members and owners. Types and tables only. */
import { stateSlot } from './state.ts'
import { createTable } from './table.ts'

export interface Team {
  readonly id: number
  readonly orgId: number
  readonly slug: string
  readonly name: string
  readonly description: string | null
  /** Account id → what the person is in the team. */
  readonly members: Readonly<Record<number, 'member' | 'maintainer'>>
}

export interface OrgMember {
  /** The account's id. */
  readonly id: number
  readonly orgId: number
  readonly role: 'admin' | 'member'
}

export const teamsOf = stateSlot('teams', (state) => createTable<Team>(state.clock))
export const orgMembersOf = stateSlot('organisation members', (state) => createTable<OrgMember>(state.clock))
