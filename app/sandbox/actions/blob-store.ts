/**
 * Where artifacts' bytes go: the few requests of Azure's block blobs that upload clients make (Put Blob, Put Block,
 * Put Block List, Get Blob), on URLs that we signed. A blob can be written once: artifacts are immutable.
 */
import type { Hono } from 'hono'

import { type State, stateSlot } from '../model/state.ts'
import type { World } from '../world.ts'
import { isSignedBlobUrl, signBlobUrl } from './runtime-token.ts'

export const BLOB_ROOT = '/_results/actions-results'

interface Blob {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
}

interface BlobStore {
  readonly blobs: Map<string, Blob>
  /** Path → block id → bytes that are not committed yet. */
  readonly blocks: Map<string, Map<string, Uint8Array<ArrayBuffer>>>
  /** Paths whose artifact was finalized. */
  readonly sealed: Set<string>
}

const storeOf = stateSlot<BlobStore>('artifact blobs', () => ({
  blobs: new Map(),
  blocks: new Map(),
  sealed: new Set(),
}))

export function readBlob(state: State, path: string): Blob | undefined {
  return storeOf(state).blobs.get(path)
}

/** Puts bytes in place without a request: job logs are served as blobs too. */
export function writeBlob(state: State, path: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): void {
  storeOf(state).blobs.set(path, { bytes, contentType })
}

export function sealBlob(state: State, path: string): void {
  storeOf(state).sealed.add(path)
}

export function deleteBlob(state: State, path: string): void {
  storeOf(state).blobs.delete(path)
}

/** A link that reads the blob for a while without other credentials. */
export function blobLink(world: World, path: string, lifeMs = 600_000): string {
  return signBlobUrl(world.state, world.origin(), path, 'r', lifeMs)
}

const MESSAGES = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of the signature is correct.',
  ],
  BlobImmutableDueToPolicy: [409, 'This operation is not permitted as the blob is immutable due to a policy.'],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  InvalidBlockList: [400, 'The specified block list is invalid.'],
  InvalidQueryParameterValue: [400, 'Value for one of the query parameters specified in the request URI is invalid.'],
  MissingRequiredHeader: [400, 'An HTTP header that is mandatory for this request is not specified: x-ms-blob-type.'],
} as const

function refuse(code: keyof typeof MESSAGES): Response {
  const [status, message] = MESSAGES[code]
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return new Response(xml, { status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code } })
}

const created = () =>
  new Response(null, {
    status: 201,
    headers: {
      etag: '"0x8DD0000000000"',
      'last-modified': new Date(0).toUTCString(),
      'x-ms-request-id': '00000000-0000-0000-0000-000000000000',
      'x-ms-request-server-encrypted': 'true',
      'x-ms-version': '2025-11-05',
    },
  })

/** The block ids of a Put Block List body, in order. */
function parseBlockList(xml: string): readonly string[] {
  return [...xml.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)<\//g)].map(([, id]) => id ?? '')
}

async function put(state: State, url: URL, request: Request): Promise<Response> {
  const path = url.pathname
  const store = storeOf(state)
  if (!isSignedBlobUrl(state, url, 'w')) return refuse('AuthenticationFailed')
  if (store.sealed.has(path)) return refuse('BlobImmutableDueToPolicy')
  const bytes = new Uint8Array(await request.arrayBuffer())
  const contentType =
    request.headers.get('x-ms-blob-content-type') ?? request.headers.get('content-type') ?? 'application/octet-stream'
  const blocks = store.blocks.get(path) ?? new Map<string, Uint8Array<ArrayBuffer>>()
  switch (url.searchParams.get('comp')) {
    case null:
      if (request.headers.get('x-ms-blob-type') !== 'BlockBlob') return refuse('MissingRequiredHeader')
      store.blobs.set(path, { bytes, contentType })
      return created()
    case 'block': {
      const id = url.searchParams.get('blockid')
      if (id === null || id === '') return refuse('InvalidQueryParameterValue')
      store.blocks.set(path, blocks.set(id, bytes))
      return created()
    }
    case 'blocklist': {
      const parts = parseBlockList(new TextDecoder().decode(bytes)).map((id) => blocks.get(id))
      if (parts.includes(undefined)) return refuse('InvalidBlockList')
      const whole = Buffer.concat(parts.filter((part) => part !== undefined))
      store.blobs.set(path, { bytes: new Uint8Array(whole), contentType })
      store.blocks.delete(path)
      return created()
    }
    default:
      return refuse('InvalidQueryParameterValue')
  }
}

function get(state: State, url: URL): Response {
  if (!isSignedBlobUrl(state, url, 'r')) return refuse('AuthenticationFailed')
  const blob = readBlob(state, url.pathname)
  if (blob === undefined) return refuse('BlobNotFound')
  return new Response(blob.bytes, { headers: { 'content-type': blob.contentType, 'x-ms-blob-type': 'BlockBlob' } })
}

export function mountBlobStore(http: Hono, world: World): void {
  http.put(`${BLOB_ROOT}/*`, (c) => put(world.state, new URL(c.req.url), c.req.raw))
  http.get(`${BLOB_ROOT}/*`, (c) => get(world.state, new URL(c.req.url)))
}
