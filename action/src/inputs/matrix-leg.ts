/** Names the leg of a matrix after its values, so that each leg uploads its report under a name of its own, the same in every run. */
import { createHash } from 'node:crypto'
import { asObject, parseJson } from '../json-fields.ts'
import { InputFault } from './input-fault.ts'

const MAX_LEG = 60

/** `{"node":24,"os":"linux"}` is `24_linux`; values that do not fit a name whole have a digest behind them. Null without a matrix. */
export const parseMatrix = (value: string | null): string | null => {
  if (value === null || value === 'null') return null
  const matrix = asObject(parseJson(value))
  if (matrix === null) {
    throw new InputFault('matrix', 'is no JSON object', 'Leave it out, or give `${{ toJSON(matrix) }}`')
  }
  const values = Object.values(matrix).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  if (values.length === 0) return null
  const whole = values.join('_')
  const leg = whole.replace(/[^\w.-]+/g, '-').slice(0, MAX_LEG)
  // Legs may differ only in what a name cannot hold.
  return leg === whole ? leg : `${leg}-${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`
}
