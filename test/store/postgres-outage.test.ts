/** Connections that break at any moment: faults that may be retried, no crash, and every append done once in the end. */
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPostgresStore } from '../../app/store/postgres/create-postgres-store.ts'
import { StoreFault } from '../../app/store/store-fault.ts'
import { change, fold } from '../contracts/history.ts'
import { canTestPostgres } from '../contracts/postgres-server.ts'
import { makePostgresHarness, type StoreHarness } from '../contracts/store-harness.ts'

/** A TCP port in front of the server's socket, whose connections can be cut. */
const openProxy = async (socketPath: string) => {
  const pairs = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(socketPath)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => {
      for (const socket of pairs) socket.destroy()
      pairs.clear()
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe.skipIf(!canTestPostgres())('a Postgres whose connections break', () => {
  const closers: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  })

  const openBehindProxy = async () => {
    const harness: StoreHarness = await makePostgresHarness()
    closers.push(() => harness.close())
    const direct = new URL('postgres' in harness.place ? harness.place.postgres : '')
    const proxy = await openProxy(`${direct.searchParams.get('host') ?? ''}/.s.PGSQL.5432`)
    closers.push(() => proxy.close())
    const options = encodeURIComponent(direct.searchParams.get('options') ?? '')
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres?options=${options}`
    const store = await createPostgresStore({ url, connections: 3 })
    closers.push(async () => {
      proxy.cut()
      await store.close()
    })
    return { store, proxy }
  }

  it('goes on after idle connections were cut', async () => {
    const { store, proxy } = await openBehindProxy()
    await change(store, 'task/1/1', 'c1', [{}])
    proxy.cut()
    for (let tries = 1; ; tries++) {
      try {
        expect(await change(store, 'task/1/1', 'c2', [{}])).toEqual({ ok: true })
        break
      } catch (error) {
        expect(error).toMatchObject({ code: 'unreachable', retryable: true })
        expect(tries).toBeLessThan(10)
      }
    }
  })

  it('does every append once when the caller repeats what broke off', async () => {
    const { store, proxy } = await openBehindProxy()
    let faults = 0
    let tries = 0
    const appendSurely = async (cause: string): Promise<void> => {
      for (;;) {
        // Every seventh try is cut some moments after it began, wherever it and the others are just then.
        if (++tries % 7 === 0 && tries < 200) setTimeout(proxy.cut, tries % 5)
        try {
          const result = await change(store, 'task/1/1', cause, [{ cause }])
          if (result.ok || result.conflict === 'cause') return
        } catch (error) {
          if (!(error instanceof StoreFault) || !error.retryable) throw error
          faults += 1
        }
      }
    }
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < 15; n++) await appendSurely(`w${writer}-${n}`)
    }
    await Promise.all([0, 1, 2].map(write))
    expect(faults).toBeGreaterThan(0)
    const causes = (await store.log.read('task/1/1')).map((event) => event.cause)
    expect(causes).toHaveLength(45)
    expect(new Set(causes).size).toBe(45)
    expect(await store.log.rebuild(fold)).toBe(0)
  })
})
