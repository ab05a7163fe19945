import { expect, it } from 'vitest'
import { createIds } from '../../app/create-ids.ts'

it('makes ids that are each other’s neighbours in order, and of which two processes make different ones', () => {
  const own = createIds()
  const ids = Array.from({ length: 3000 }, () => own.ulid())
  expect(ids).toEqual([...new Set(ids)].toSorted())
  for (const id of ids) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
  const firsts = new Set(Array.from({ length: 200 }, () => createIds().ulid().slice(10)))
  expect(firsts.size).toBe(200)
  for (let place = 0; place < 16; place += 1) {
    const letters = new Set([...firsts].map((one) => one[place]))
    expect(letters.size).toBeGreaterThan(16)
  }
})
