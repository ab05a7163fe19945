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
