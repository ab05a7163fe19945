/**
 * A real Postgres of the tests' own: made and started when the first test asks, shared by all test files of a run, and
 * stopped and removed at its end. It listens on a Unix socket only, keeps its default durability, and sorts like English.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** Set for all test files by the global setup: a folder, where a server is started on demand. */
export const POSTGRES_DIR_VARIABLE = 'MUSTER_TEST_POSTGRES_DIR'

const START_TIMEOUT_MS = 60_000

/** The folder of the newest server binaries, or null. */
export const findBinaries = (): string | null => {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(root, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null
}

const MISSING =
  'no server binaries in /usr/lib/postgresql or PATH, or, for root, no user postgres to run them. Install them (Debian: apt-get install postgresql) to run these tests.'

/** False: skip, and say so. Throws instead when Postgres is required, as in continuous integration. */
export const canTestPostgres = (): boolean => {
  if (findBinaries() !== null && (!isRoot() || serverUser() !== null)) return true
  if (process.env['MUSTER_REQUIRE_POSTGRES'] === '1') {
    throw new Error(`MUSTER_REQUIRE_POSTGRES is 1, but there are ${MISSING}`)
  }
  console.warn(`Postgres tests are skipped: ${MISSING}`)
  return false
}

/** A folder that the server's user can enter. */
export const makePostgresDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-pg-'))
  const user = serverUser()
  if (user !== null) chownSync(dir, user.uid, user.gid)
  return dir
}

/** The URL of the run's server; starts it when nobody has. */
export const postgresUrl = async (): Promise<string> => {
  const dir = process.env[POSTGRES_DIR_VARIABLE]
  const binaries = findBinaries()
  if (dir === undefined || binaries === null) throw new Error(`${POSTGRES_DIR_VARIABLE} is not set: run through vitest`)
  if (takeStart(dir)) start(dir, binaries)
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(dir)}`
  for (const giveUp = Date.now() + START_TIMEOUT_MS; ; await sleep(50)) {
    if (await answers(url)) return url
    if (Date.now() > giveUp) throw new Error(`Postgres did not start:\n${readLog(dir)}`)
  }
}

/** Ends the server, if one was started, and removes everything. */
export const stopPostgres = async (dir: string): Promise<void> => {
  if (existsSync(join(dir, 'starting'))) {
    writeFileSync(join(dir, 'stop'), '')
    for (const giveUp = Date.now() + 10_000; !existsSync(join(dir, 'stopped')) && Date.now() < giveUp;) await sleep(20)
  }
  rmSync(dir, { recursive: true, force: true })
}

/** Making a folder succeeds for one process only. */
const takeStart = (dir: string): boolean => {
  try {
    mkdirSync(join(dir, 'starting'))
    return true
  } catch {
    return false
  }
}

/**
 * A shell keeps watch beside the server and ends it when the run asks or is gone, so that a killed test run leaves no
 * server behind.
 */
const WATCHED_SERVER = `
  "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-sync --locale-provider=icu --icu-locale=en-US ||
    { rm -rf "$2/data"; "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-sync; } || exit 1
  "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=200 &
  server=$!
  while kill -0 $server && [ ! -e "$2/stop" ] && [ -d "/proc/$3" ]; do sleep 0.2; done
  kill -QUIT $server
  wait $server
  if [ -e "$2/stop" ]; then touch "$2/stopped"; else rm -rf "$2"; fi`

const start = (dir: string, binaries: string): void => {
  const child = spawn('sh', ['-c', `( ${WATCHED_SERVER} ) > "$2/log" 2>&1`, 'sh', binaries, dir, runPid(dir)], {
    ...serverUser(),
    cwd: dir,
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
  })
  child.unref()
}

/** The process whose end is the run's end: the one that made the folder. */
const runPid = (dir: string): string => readFileSync(join(dir, 'run.pid'), 'utf8')

const isRoot = (): boolean => process.getuid?.() === 0

/** Postgres refuses to run as root: then it runs as the user that its package made. Null: as ourselves, or no such user. */
const serverUser = (): { uid: number; gid: number } | null => {
  if (!isRoot()) return null
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
  const [uid, gid] = [id('-u'), id('-g')]
  return uid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null
}

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

const readLog = (dir: string): string => {
  const path = join(dir, 'log')
  return existsSync(path) ? readFileSync(path, 'utf8') : 'no log'
}
