import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectArtifacts } from '../../action/src/artifacts/collect-artifacts.ts'
import { readTail } from '../../action/src/artifacts/files.ts'
import { readBenchmarks } from '../../action/src/reports/benchmarks.ts'

let root = ''
let place = { workspace: '', roots: [''] }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'muster-artifacts-'))
  const workspace = join(root, 'work')
  place = { workspace, roots: [workspace] }
  await mkdir(join(workspace, 'out'), { recursive: true })
  await mkdir(join(workspace, 'node_modules/x'), { recursive: true })
  await writeFile(join(root, 'secret.txt'), 'outside')
  await writeFile(join(workspace, 'out/a.png'), 'picture')
  await writeFile(join(workspace, 'out/b.png'), 'picture two')
  await writeFile(join(workspace, 'node_modules/x/c.png'), 'not ours')
  await writeFile(join(workspace, 'empty.diff'), '')
  await symlink(join(root, 'secret.txt'), join(workspace, 'out/link.png'))
})
afterAll(() => rm(root, { recursive: true }))

describe('collectArtifacts', () => {
  it('finds files with digest, size and type, without packages of others and links that lead out', async () => {
    const { artifacts, files, warnings, changed } = await collectArtifacts(
      [{ kind: 'screenshot', source: '**/*.png' }],
      place,
      true,
    )
    expect(artifacts).toEqual([
      {
        kind: 'screenshot',
        name: 'out/a.png',
        path: 'files/out/a.png',
        url: null,
        sha256: '2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97',
        size: 7,
        mediaType: 'image/png',
      },
      expect.objectContaining({ name: 'out/b.png', size: 11 }),
    ])
    expect([...files.keys()]).toEqual(['files/out/a.png', 'files/out/b.png'])
    expect(warnings).toEqual(['1 matches of `**/*.png` lie outside the workspace or are too many; they are left out.'])
    expect(changed).toBeNull()
  })

  it('knows from the diff whether anything changed', async () => {
    const { changed, artifacts } = await collectArtifacts([{ kind: 'diff', source: 'empty.diff' }], place, false)
    expect(changed).toBe(false)
    expect(artifacts[0]).toMatchObject({ path: null, size: 0, mediaType: 'text/x-diff' })
  })

  it('keeps addresses as they are, and says what is missing', async () => {
    const lines = [
      { kind: 'log', source: 'https://x.test/logs/1' },
      { kind: 'file', source: 'nothing/*.txt' },
      { kind: 'file', source: '../secret.txt' },
    ] as const
    const { artifacts, warnings } = await collectArtifacts(lines, place, true)
    expect(artifacts).toEqual([
      { kind: 'log', name: '1', path: null, url: 'https://x.test/logs/1', sha256: null, size: null, mediaType: null },
    ])
    expect(warnings[0]).toBe('No file matches the file `nothing/*.txt`.')
    expect(warnings.slice(1).join(' ')).toContain('../secret.txt')
  })
})

describe('readTail', () => {
  it('reads the end of a file', async () => {
    expect(await readTail(join(root, 'secret.txt'), 4)).toBe('side')
    expect(await readTail(join(root, 'secret.txt'), 400)).toBe('outside')
  })
})

describe('readBenchmarks', () => {
  it('reads figures and leaves out what is none', () => {
    const rows = [
      { name: 'append', value: 12.5, unit: 'ms', range: '± 3', extra: 'x' },
      { name: 'count', value: '7' },
      { name: 'broken', value: '' },
      { value: 3 },
      null,
    ]
    expect(readBenchmarks(JSON.stringify(rows), 'smaller')).toEqual({
      ok: true,
      benchmarks: [
        { name: 'append', value: 12.5, unit: 'ms', direction: 'smaller', range: '± 3' },
        { name: 'count', value: 7, unit: '', direction: 'smaller', range: null },
      ],
    })
  })

  it.each(['', '{}', '{"a":1}', '[{"name":"x"}]'])('refuses %s', (text) => {
    expect(readBenchmarks(text, 'unknown').ok).toBe(false)
  })
})
