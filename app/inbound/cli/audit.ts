/** `npm run verify -- owner/repo`: says where GitHub is not as the log and the rules want it. Exit code 0: nowhere; 1: somewhere; 2: not all of it could be read. */
import type { AuditReport } from '../../../schemas/audit-report.ts'
import type { Outbox } from '../../engine/ports.ts'
import type { CliResult } from './result.ts'
import { counted } from './result.ts'

export interface AuditDeps {
  readonly outbox: Pick<Outbox, 'pending'>
  readonly audit: () => Promise<AuditReport>
}

export const auditCommand = async ({ outbox, audit }: AuditDeps): Promise<CliResult> => {
  const report = await audit()
  const { repository, tasks, records, marks, checks, differences, unread } = report
  const { count } = await outbox.pending()
  return {
    exitCode: unread.length > 0 ? 2 : differences.length > 0 ? 1 : 0,
    lines: [
      `${repository}: ${counted(tasks, 'task')}, ${counted(records, 'record')}, ${counted(marks, 'mark')} and ${counted(checks, 'check run')} looked at, ${counted(differences.length, 'difference')}.`,
      ...differences.map(
        ({ stream, issue, what, problem, detail }) =>
          `  ${stream}${issue === null ? '' : ` (issue #${issue})`}: ${what}: ${problem}: ${detail}`,
      ),
      ...unread.map(({ stream, detail }) => `  ${stream}: could not be read: ${detail}`),
      ...(differences.length > 0 && count > 0
        ? [
            `${counted(count, 'piece')} of work ${count === 1 ? 'was' : 'were'} still to be done: differences may be those. Next: npm run flush, then this again.`,
          ]
        : []),
      ...(differences.length > 0 && count === 0
        ? ['Next: start the App; it puts right what is its own, and says with npm run verify what waits for a person.']
        : []),
    ],
    json: { ...report, waiting: count },
  }
}
