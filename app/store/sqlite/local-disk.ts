/** Refuses network file systems: SQLite's write-ahead log needs memory shared between processes, and their locks lie. */
import { statfs } from 'node:fs/promises'
import { StoreFault } from '../store-fault.ts'

/** `f_type` of statfs(2): NFS, SMB, CIFS, SMB2, AFS, Ceph, 9P. */
const NETWORK_TYPES: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x00c36400, 0x01021997,
])

export const isNetworkFilesystem = (type: number): boolean => NETWORK_TYPES.has(type)

export const assertLocalDisk = async (directory: string): Promise<void> => {
  const { type } = await statfs(directory)
  if (!isNetworkFilesystem(type)) return
  throw new StoreFault(
    'bad-place',
    `${directory} is on a network file system: choose a local directory with --data, or set DATABASE_URL to use Postgres.`,
  )
}
