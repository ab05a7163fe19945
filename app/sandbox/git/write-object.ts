/** Writes blobs, trees and commits as loose objects, as git itself does, without a process for each. */
import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'

import type { GitRepository } from './git-store.ts'

const compress = promisify(deflate)
const READ_ONLY = 0o444

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Returns the object's SHA. What is there already is not written again; a reader never sees half an object. */
export const writeObject = async (
  git: Pick<GitRepository, 'dir'>,
  type: 'blob' | 'tree' | 'commit',
  content: string | Uint8Array,
): Promise<string> => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const object = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
  const sha = createHash('sha1').update(object).digest('hex')
  const folder = join(git.dir, 'objects', sha.slice(0, 2))
  const path = join(folder, sha.slice(2))
  if (await isThere(path)) return sha
  await mkdir(folder, { recursive: true })
  const scratch = join(folder, `tmp_obj_${randomUUID()}`)
  await writeFile(scratch, await compress(object), { mode: READ_ONLY })
  await rename(scratch, path)
  return sha
}
