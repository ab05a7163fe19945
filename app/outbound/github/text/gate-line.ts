/** One gate in one line: what it holds back, who has approved it, and what is missing. */
import { countApprovals, type Gate } from '../../../domain/policy/gate.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'

const SHOWN_APPROVALS = 10

export const gateLine = (gate: Gate): string => {
  const { name, needs, state, headSha, attempt, approvals, reason } = gate
  const bound = headSha === null ? `attempt ${attempt ?? 1}` : `commit \`${headSha.slice(0, 12)}\``
  const by = approvals.slice(0, SHOWN_APPROVALS).map(({ by: login }) => neutraliseLine(login, 60))
  const approved = by.length === 0 ? '' : `, approved by ${by.join(', ')}`
  const count = `${countApprovals(gate)} of ${needs.approvals} with the ${needs.role} role`
  if (state === 'fell')
    return `Gate **${neutraliseLine(name, 60)}** fell for ${bound}: ${neutraliseLine(reason ?? '', 200)}`
  return `Gate **${neutraliseLine(name, 60)}** for ${bound}: ${state === 'approved' ? 'open' : `waits, ${count}`}${approved}`
}
