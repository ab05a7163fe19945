/** The key that signs the sandbox's identity tokens, made when first needed and gone with the process. */
import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import { stateSlot } from '../model/state.ts'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  /** As the key set shows it. */
  readonly jwk: JsonWebKey
}

export const signingKeyOf = stateSlot('identity token key', (): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid: 'sandbox-1', privateKey, jwk: publicKey.export({ format: 'jwk' }) }
})
