import { describe, expect, it } from 'vitest'

import {
  changedFiles,
  compareCommits,
  diffText,
  isAncestor,
  listCommits,
} from '../../../app/sandbox/git/git-history.ts'
import { borrowCommit, mergeCommits, mergeTrees } from '../../../app/sandbox/git/git-merge.ts'
import { readCommit, readPath, readTextFile, writeBlob, writeTree } from '../../../app/sandbox/git/git-objects.ts'
import {
  isRefName,
  listRefs,
  moveRefs,
  readDefaultBranch,
  readRef,
  resolveCommit,
  ZERO_SHA,
} from '../../../app/sandbox/git/git-refs.ts'
import { runGit } from '../../../app/sandbox/git/git-process.ts'
import { readTree } from '../../../app/sandbox/git/read-tree.ts'
import { writeFiles } from '../../../app/sandbox/git/write-files.ts'
import { ALICE, commitOn, createScratchStore } from './scratch-store.ts'

describe('the git command', () => {
  it('is asked for by its package name when it is missing', async () => {
    const running = runGit('/nonexistent', ['version'], { env: { PATH: '/nonexistent' } })
    await expect(running).rejects.toMatchObject({
      code: 'git-missing',
      message: expect.stringContaining('apt-get install git'),
    })
  })

  it('says what git said when it fails', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    await expect(runGit(git.dir, ['cat-file', 'blob', 'none'])).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('Not a valid object name none'),
    })
  })
})

describe('commits', () => {
  it('holds the files, author and message it was made of', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const sha = await commitOn(git, 'main', { 'README.md': '# Widgets\n', 'src/a "b".js': 'one\n' })
    expect(await readCommit(git, sha)).toMatchObject({ sha, parents: [], author: ALICE, message: 'Change main' })
    expect(await readTextFile(git, sha, 'src/a "b".js')).toBe('one\n')
    expect(await readTextFile(git, sha, 'src')).toBeUndefined()
    expect((await readPath(git, sha, ''))?.type).toBe('tree')
    expect((await readTree(git, sha, true)).map(({ path, type }) => [path, type])).toEqual([
      ['README.md', 'blob'],
      ['src', 'tree'],
      ['src/a "b".js', 'blob'],
    ])
    expect((await listRefs(git)).map(({ ref }) => ref)).toEqual(['refs/heads/main'])
    expect(await readDefaultBranch(git)).toBe('main')
  })

  it('deletes with null and keeps what it does not name', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const first = await commitOn(git, 'main', { a: '1', b: '2' })
    const second = await commitOn(git, 'main', { a: null }, first)
    expect(await readTextFile(git, second, 'a')).toBeUndefined()
    expect(await readTextFile(git, second, 'b')).toBe('2')
  })

  it('makes trees from blobs, subtrees and removals', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const first = await commitOn(git, 'main', { a: '1', 'dir/x': 'x' })
    const dir = (await readTree(git, first)).find(({ type }) => type === 'tree')
    const tree = await writeTree(git, first, [
      { path: 'a', mode: '100644', sha: null },
      { path: 'b', mode: '100755', sha: await writeBlob(git, 'bee') },
      { path: 'copy', mode: '040000', sha: dir?.sha ?? '' },
    ])
    expect((await readTree(git, tree, true)).map(({ path, mode }) => [path, mode])).toEqual([
      ['b', '100755'],
      ['copy', '040000'],
      ['copy/x', '100644'],
      ['dir', '040000'],
      ['dir/x', '100644'],
    ])
  })
})

describe('reading objects', () => {
  it('answers in order, with nothing for what is missing or is no name', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const large = 'x'.repeat(300_000)
    const sha = await commitOn(git, 'main', { large, empty: '', 'two words': 'spaced' })
    const names = [`${sha}:large`, 'none', `${sha}:empty`, 'main\nmain', '', `${sha}:two words`, 'main']
    const found = await git.objects.read(names)
    expect(found.map((one) => one?.content.toString())).toMatchObject([
      large,
      undefined,
      '',
      undefined,
      undefined,
      'spaced',
      expect.stringContaining('Change main'),
    ])
  })

  it('sees what was written since, also after its process has ended', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    expect(await readRef(git, 'refs/heads/main')).toBeUndefined()
    const first = await commitOn(git, 'main', { a: '1' })
    expect(await readRef(git, 'refs/heads/main')).toBe(first)
    const second = await commitOn(git, 'main', { a: '2' }, first)
    expect(await readRef(git, 'refs/heads/main')).toBe(second)
    git.objects.close()
    expect(await readTextFile(git, 'main', 'a')).toBe('2')
  })

  it('takes names that make git give up for missing, and answers the others', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const sha = await commitOn(git, 'main', { a: '1' })
    const names = ['main:../../etc/passwd', 'main', 'HEAD@{1}', 'main:./a', `${sha}:a`]
    const found = await git.objects.read(names)
    expect(found.map((one) => one?.type)).toEqual([undefined, 'commit', undefined, undefined, 'blob'])
  })

  it('refuses what is under way when the repository is closed', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const reading = git.objects.read(['HEAD'])
    git.objects.close()
    await expect(reading).rejects.toMatchObject({ code: 'git-failed' })
  })
})

describe('refs', () => {
  it('moves only from where the caller believes them to be, all or none', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const first = await commitOn(git, 'main', { a: '1' })
    const second = await writeFiles(git, { parent: first, files: { a: '2' }, message: 'two', author: ALICE })
    const wrong = await moveRefs(git, [
      { ref: 'refs/heads/new', before: ZERO_SHA, after: second },
      { ref: 'refs/heads/main', before: second, after: first },
    ])
    expect(wrong).toEqual(['refs/heads/main'])
    expect(await readRef(git, 'refs/heads/new')).toBeUndefined()
    expect(await moveRefs(git, [{ ref: 'refs/heads/main', before: first, after: second }])).toEqual([])
    expect(await moveRefs(git, [{ ref: 'refs/heads/main', before: second, after: ZERO_SHA }])).toEqual([])
    expect(await readRef(git, 'refs/heads/main')).toBeUndefined()
  })

  it('resolves branches, tags and SHAs, and refuses revision syntax and options', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const first = await commitOn(git, 'main', { a: '1' })
    for (const name of ['main', 'heads/main', 'refs/heads/main', first, first.slice(0, 9), 'HEAD']) {
      expect(await resolveCommit(git, name), name).toBe(first)
    }
    for (const name of ['none', 'main~1', 'main^', '--all', 'main:a', '', '@{-1}']) {
      expect(await resolveCommit(git, name), name).toBeUndefined()
    }
    expect(await isRefName(git, 'refs/heads/a..b')).toBe(false)
    expect(await isRefName(git, 'refs/heads/muster/DEV-1')).toBe(true)
  })
})

describe('history', () => {
  it('compares from the merge base, with files and patches', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const body = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('')
    const base = await commitOn(git, 'main', { keep: 'k\n', gone: 'g\n', moved: body, edit: 'old\n' })
    const main = await commitOn(git, 'main', { other: 'o\n' }, base)
    const topic = await commitOn(
      git,
      'topic',
      { gone: null, moved: null, renamed: body, edit: 'new\n', add: 'a' },
      base,
    )
    const comparison = await compareCommits(git, main, topic)
    expect(comparison).toMatchObject({ mergeBase: base, aheadBy: 1, behindBy: 1 })
    expect(comparison.commits.map(({ sha }) => sha)).toEqual([topic])
    expect(
      comparison.files.map(({ path, status, additions, deletions }) => [path, status, additions, deletions]),
    ).toEqual([
      ['add', 'added', 1, 0],
      ['edit', 'modified', 1, 1],
      ['gone', 'removed', 0, 1],
      ['renamed', 'renamed', 0, 0],
    ])
    expect(comparison.files[1]?.patch).toBe('@@ -1 +1 @@\n-old\n+new')
    expect(comparison.files[0]?.patch).toBe('@@ -0,0 +1 @@\n+a\n\\ No newline at end of file')
    expect(comparison.files[3]).toMatchObject({ previousPath: 'moved' })
    expect(comparison.files[3]?.patch).toBeUndefined()
    expect(await diffText(git, base, main)).toContain('diff --git a/other b/other')
    expect(await isAncestor(git, base, topic)).toBe(true)
    expect(await isAncestor(git, main, topic)).toBe(false)
    expect((await listCommits(git, main)).map(({ sha }) => sha)).toEqual([main, base])
    expect((await listCommits(git, main, { path: 'keep' })).map(({ sha }) => sha)).toEqual([base])
  })

  it('keeps patches and files together when one file is binary and one contains a diff', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const base = await commitOn(git, 'main', { z: 'z\n' })
    const next = await commitOn(
      git,
      'main',
      { a: new Uint8Array([0, 1, 2, 0]), b: 'diff --git a/x b/x\n@@ -1 +1 @@\n', z: 'zz\n' },
      base,
    )
    const files = await changedFiles(git, base, next)
    expect(files.map(({ path, patch }) => [path, patch])).toEqual([
      ['a', undefined],
      ['b', '@@ -0,0 +1,2 @@\n+diff --git a/x b/x\n+@@ -1 +1 @@'],
      ['z', '@@ -1 +1 @@\n-z\n+zz'],
    ])
  })
})

describe('merging', () => {
  const people = { author: ALICE, committer: ALICE }

  it('makes a merge commit, a squash and a rebase, and tells a conflict', async () => {
    const git = await (await createScratchStore()).create(1, 'main')
    const base = await commitOn(git, 'main', { a: '1\n', b: '1\n' })
    const main = await commitOn(git, 'main', { a: '2\n' }, base)
    const topic = await commitOn(git, 'topic', { b: '2\n' }, base)
    const clash = await commitOn(git, 'clash', { a: '3\n' }, base)
    const merge = (method: 'merge' | 'squash' | 'rebase', head: string) =>
      mergeCommits(git, { base: main, head, method, message: 'Merge', ...people })

    const merged = await readCommit(git, (await merge('merge', topic)) ?? '')
    expect(merged?.parents).toEqual([main, topic])
    const squashed = await readCommit(git, (await merge('squash', topic)) ?? '')
    expect(squashed?.parents).toEqual([main])
    const rebased = await readCommit(git, (await merge('rebase', topic)) ?? '')
    expect(rebased).toMatchObject({ parents: [main], message: 'Change topic' })
    for (const commit of [merged, squashed, rebased]) {
      expect(commit?.tree).toBe(merged?.tree)
      expect(await readTextFile(git, commit?.sha ?? '', 'a')).toBe('2\n')
      expect(await readTextFile(git, commit?.sha ?? '', 'b')).toBe('2\n')
    }
    for (const method of ['merge', 'squash', 'rebase'] as const) {
      expect(await merge(method, clash), method).toBeUndefined()
    }
    expect(await mergeTrees(git, main, clash)).toBeUndefined()
  })
})

describe('forks', () => {
  it('has its own refs, and lends commits back to its parent', async () => {
    const store = await createScratchStore()
    const parent = await store.create(1, 'main')
    const base = await commitOn(parent, 'main', { a: '1' })
    const fork = await store.fork(1, 2)
    const change = await commitOn(fork, 'patch', { a: '2' }, base)
    expect(await resolveCommit(parent, change)).toBeUndefined()
    await borrowCommit(parent, fork, change, 'refs/pull/7/head')
    expect(await readRef(parent, 'refs/pull/7/head')).toBe(change)
    expect((await compareCommits(parent, base, change)).files).toHaveLength(1)
  })
})
