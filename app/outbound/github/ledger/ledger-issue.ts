/** The one issue of a project that holds the ledger: its title, and a body that tells people what it is and to leave it alone. */

export const LEDGER_TITLE = 'Muster ledger'

/** How a ledger is found again when its number was lost. Who made the issue is checked besides. */
const MARK = '<!-- muster:ledger-issue v1 -->'

export const LEDGER_BODY = `This issue belongs to Muster. Its comments hold what the project as a whole knows: its epoch, its settings over time, and how far the hidden record of every task has come. With them, a new database can be filled from GitHub alone.

- Please leave it open, locked and as it is. A changed comment is noticed, not believed, and written anew.
- Nothing here needs your attention, and no command works here.
- If it was deleted, Muster makes another one.

${MARK}`

/** A browser may have turned the line ends; anything else in a body is not looked at. */
export const isLedgerBody = (body: string | null): boolean => body !== null && body.includes(MARK)
