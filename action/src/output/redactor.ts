/** Takes secrets out of everything that leaves the machine: known shapes, and the values of this job's own variables. */
import { redact } from '../../../app/domain/text/redact.ts'
import type { Environment } from '../inputs/run-identity.ts'

const SECRET_NAME =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_|$)/i
/** Shorter values are words. */
const MIN_LENGTH = 8

export type Redact = (text: string) => string

/** `secrets` are values that the workflow names; those of several lines are taken out line by line, as logs have them. */
export const createRedactor = (env: Environment, secrets: readonly string[]): Redact => {
  const ofJob = Object.entries(env).flatMap(([name, value]) => (SECRET_NAME.test(name) && value ? [value] : []))
  const values = [...secrets, ...ofJob]
  const lines = values.flatMap((value) => value.split(/\r?\n/))
  const known = [...new Set([...values, ...lines])].filter((value) => value.trim().length >= MIN_LENGTH)
  return (text) => redact(text, known)
}
