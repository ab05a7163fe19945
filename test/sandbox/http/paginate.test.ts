import { describe, expect, it } from 'vitest'
import { paginate } from '../../../app/sandbox/http/paginate.ts'

const rows = Array.from({ length: 45 }, (_, i) => i)
const at = (query: string) => paginate(rows, new URL(`http://h/x${query}`))
const rels = (query: string) =>
  [...(at(query).headers['link'] ?? '').matchAll(/[?&]page=(\d+)>; rel="(\w+)"/g)].map(([, n, rel]) => `${rel} ${n}`)

describe('pages', () => {
  it.each([
    ['', 30, ['next 2', 'last 2']],
    ['?page=2', 15, ['prev 1', 'first 1']],
    ['?per_page=20&page=2', 20, ['prev 1', 'first 1', 'next 3', 'last 3']],
    ['?per_page=500', 45, []],
    ['?per_page=0&page=x', 30, ['next 2', 'last 2']],
    ['?page=9', 0, ['prev 2', 'first 1']],
  ])('%s has %i rows and links to its neighbours', (query, size, links) => {
    expect(at(query).rows).toHaveLength(size)
    expect(rels(query)).toEqual(links)
  })
})
