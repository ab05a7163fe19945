/** Comments that look like ours and are others': anybody who may comment can write one, so that by itself it says nothing of what was lost. */
import type { Noted } from '../../../../schemas/restore-report.ts'
import type { HeldComment } from '../ports.ts'

export const isByOthers = ({ appId }: Pick<HeldComment, 'appId'>, trustedApps: readonly number[]): boolean =>
  appId === null || !trustedApps.includes(appId)

export const noteOthers = (what: Noted['what'], { id, issue, appId }: HeldComment): Noted => ({
  what,
  issue: issue.number,
  detail: `comment ${id}, by ${appId === null ? 'a person' : `App ${appId}`}, looks like a ${what === 'record' ? 'record' : 'page of the ledger'} of ours; it was not believed`,
})
