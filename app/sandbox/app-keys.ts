/** Fresh credentials for a sandbox's App: RSA key pair and webhook secret. Real random: these may sit in a file. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'

export interface AppSecrets {
  /** PKCS#8 PEM, as the App reads it from PRIVATE_KEY. */
  readonly privateKey: string
  readonly publicKey: string
  readonly webhookSecret: string
}

export function createAppKeys(): AppSecrets {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { privateKey, publicKey, webhookSecret: randomBytes(32).toString('hex') }
}
