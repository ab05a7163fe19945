/** The one issue of a project that holds the ledger: its title, and a body that tells people what it is and to leave it alone. */

export const LEDGER_TITLE = 'Muster ledger'

/** How a ledger is found again when its number was lost. Who made the issue is checked besides. */
const markOf = (repositoryId: number): string => `<!-- muster:ledger-issue v1 repository=${repositoryId} -->`
/** The first ledgers did not say whose they are. */
const MARK = /<!-- muster:ledger-issue v1(?: repository=(\d{1,16}))? -->/

export const ledgerBody = (repositoryId: number): string =>
  `This issue belongs to Muster. Its comments hold what the project as a whole knows: its epoch, its settings over time, and how far the hidden record of every task has come. With them, a new database can be filled from GitHub alone.

- Please leave it open, locked and as it is. A changed comment is noticed, not believed, and written anew.
- No command works here. Nothing here needs your attention, unless a comment begins with **Set apart**.
- If it was deleted or moved to another repository, Muster makes another one.

${markOf(repositoryId)}`

/** A ledger that was moved here from another repository is none of this one. */
export const isLedgerBody = (body: string | null, repositoryId: number): boolean => {
  const mark = MARK.exec(body ?? '')
  return mark !== null && (mark[1] === undefined || mark[1] === String(repositoryId))
}
