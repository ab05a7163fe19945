/** Documents and agents' keys. */
import { describe, expect, it } from 'vitest'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

export const documentsContract = (make: MakeHarness): void => {
  describe('documents', () => {
    const use = useStore(make)

    it('keeps the last value by kind and key, and lists a kind by key', async () => {
      const { store } = await use()
      await store.documents.put('applied', 'b', '1')
      await store.documents.put('applied', 'B', '{"ü":"🚀"}')
      await store.documents.put('applied', 'a', '')
      await store.documents.put('cursor', 'b', 'other')
      await store.documents.put('applied', 'b', '2')
      expect(await store.documents.get('applied', 'b')).toBe('2')
      expect(await store.documents.get('applied', 'c')).toBeNull()
      expect(await store.documents.list('applied')).toEqual([
        { key: 'B', value: '{"ü":"🚀"}' },
        { key: 'a', value: '' },
        { key: 'b', value: '2' },
      ])
      await store.documents.delete('applied', 'b')
      await store.documents.delete('applied', 'never')
      expect(await store.documents.get('applied', 'b')).toBeNull()
      expect(await store.documents.get('cursor', 'b')).toBe('other')
    })
  })

  describe('replacing documents', () => {
    const use = useStore(make)

    it('happens only over what was known to stand there', async () => {
      const { documents } = (await use()).store
      expect(await documents.replace('base', 'k', 'something', '1')).toBe(false)
      expect(await documents.replace('base', 'k', 'something', null)).toBe(false)
      expect(await documents.get('base', 'k')).toBeNull()
      expect(await documents.replace('base', 'k', null, '1')).toBe(true)
      expect(await documents.replace('base', 'k', null, '2')).toBe(false)
      expect(await documents.replace('base', 'k', '1', '2')).toBe(true)
      expect(await documents.replace('base', 'k', '1', '3')).toBe(false)
      expect(await documents.replace('base', 'k', '1', null)).toBe(false)
      expect(await documents.replace('other', 'k', '2', '3')).toBe(false)
      expect(await documents.list('base')).toEqual([{ key: 'k', value: '2' }])
      expect(await documents.replace('base', 'k', '2', null)).toBe(true)
      expect(await documents.list('base')).toEqual([])
    })

    it('lets one of many win, and loses no note of those who read again', async () => {
      const { harness } = await use()
      const stores = await Promise.all([0, 1, 2].map(() => harness.open()))
      const first = await Promise.all(
        [...stores, ...stores].map(({ documents }, n) => documents.replace('base', 'k', null, `${n}`)),
      )
      expect(first.filter(Boolean)).toHaveLength(1)
      const note = async (n: number): Promise<void> => {
        const { documents } = stores[n % stores.length] ?? stores[0]!
        for (;;) {
          const before = await documents.get('notes', 'k')
          if (await documents.replace('notes', 'k', before, `${before ?? ''}${n},`)) return
        }
      }
      await Promise.all(Array.from({ length: 9 }, (_, n) => note(n)))
      const notes = (await stores[0]?.documents.get('notes', 'k'))?.split(',').filter(Boolean)
      expect(notes?.toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8'])
    })
  })

  describe('agent keys', () => {
    const use = useStore(make)

    it('finds an agent by the hash of its key', async () => {
      const { store } = await use()
      const key = { hash: 'a'.repeat(64), agent: 'claude-1', project: 'project/1' } as const
      await store.agentKeys.add(key)
      await store.agentKeys.add({ ...key, agent: 'someone else' })
      expect(await store.agentKeys.find(key.hash)).toEqual({ agent: 'claude-1', project: 'project/1' })
      expect(await store.agentKeys.find('b'.repeat(64))).toBeNull()
    })
  })
}
