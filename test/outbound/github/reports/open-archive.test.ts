/** Zips that a hostile job could upload: none of them may cost more than a little, and none may be taken for a report. */
import { strToU8, zipSync, type Zippable } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../../app/outbound/github/reports/open-archive.ts'
import { REPORT_FILE, REPORT_LIMITS } from '../../../../schemas/report-limits.ts'

const REPORT = { [REPORT_FILE]: strToU8('{}') }
const zip = (entries: Zippable): Uint8Array => zipSync(entries)

const DIRECTORY_END = 0x06054b50
const ENTRY = 0x02014b50
/** Where records of the central directory begin. */
const entriesOf = (bytes: Uint8Array): readonly number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Array.from({ length: bytes.length - 4 }, (_, at) => at).filter((at) => view.getUint32(at, true) === ENTRY)
}
const endOf = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (let at = bytes.length - 22; at >= 0; at--) if (view.getUint32(at, true) === DIRECTORY_END) return at
  throw new Error('no end')
}

describe('openArchive', () => {
  it('gives the report and what else is inside, with digests of what is really there', () => {
    const opened = openArchive(zip({ ...REPORT, 'files/a.txt': strToU8('abc') }))
    expect(opened).toMatchObject({ ok: true, report: '{}' })
    expect(opened.ok && opened.files).toEqual(
      new Map([
        ['files/a.txt', { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', size: 3 }],
      ]),
    )
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['a text', strToU8('no zip at all, but long enough to look for the end of a directory')],
    ['a zip that breaks off', zip(REPORT).subarray(0, 60)],
  ])('refuses %s', (_name, bytes) => {
    expect(openArchive(bytes)).toMatchObject({ ok: false, problem: expect.stringContaining('zip') })
  })

  it('refuses a report that is missing or larger than a report may be', () => {
    expect(openArchive(zip({ 'a.txt': strToU8('a') }))).toMatchObject({ ok: false })
    expect(openArchive(zip({ [REPORT_FILE]: new Uint8Array(REPORT_LIMITS.bytes + 1) }))).toMatchObject({ ok: false })
  })

  it('stops at more files and bytes than a report has', () => {
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`files/${n}`, new Uint8Array()]))
    expect(openArchive(zip({ ...REPORT, ...many }))).toMatchObject({ ok: false, problem: /more than 1000 files/ })
    const large = zip({ ...REPORT, 'files/large': strToU8('x') })
    new DataView(large.buffer).setUint32((entriesOf(large)[1] ?? 0) + 24, 210 << 20, true)
    expect(openArchive(large)).toMatchObject({ ok: false, problem: /200 MB/ })
  })

  it('does not copy the same stored bytes again and again for entries that share them', () => {
    const stored = zipSync({
      ...REPORT,
      ...Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`f${n}`, new Uint8Array(0)])),
    })
    const view = new DataView(stored.buffer)
    for (const at of entriesOf(stored).slice(1)) {
      view.setUint16(at + 10, 0, true)
      // Claims to unpack to nothing, and to be stored in a megabyte.
      view.setUint32(at + 20, 1 << 20, true)
      view.setUint32(at + 24, 0, true)
    }
    expect(openArchive(stored)).toMatchObject({ ok: false, problem: /200 MB/ })
  })

  it('does not walk a directory of four billion entries that are not there', () => {
    const plain = zip(REPORT)
    const end = endOf(plain)
    const bytes = new Uint8Array(plain.length + 56 + 20)
    bytes.set(plain.subarray(0, end))
    const view = new DataView(bytes.buffer)
    view.setUint32(end, 0x06064b50, true)
    view.setUint32(end + 32, 0xffff_fff0, true)
    view.setUint32(end + 48, new DataView(plain.buffer).getUint32(end + 16, true), true)
    view.setUint32(end + 56, 0x07064b50, true)
    view.setUint32(end + 56 + 8, end, true)
    bytes.set(plain.subarray(end), end + 76)
    expect(openArchive(bytes)).toMatchObject({ ok: false, problem: /more than 1000 files/ })
  })

  it('reads no more of an entry than it states', () => {
    const bytes = zip({ ...REPORT, 'files/bomb': new Uint8Array(1 << 20) })
    const bomb = zip({ [REPORT_FILE]: strToU8(`{}${' '.repeat(3_000_000)}`) })
    new DataView(bytes.buffer).setUint32((entriesOf(bytes)[1] ?? 0) + 24, 10, true)
    new DataView(bomb.buffer).setUint32((entriesOf(bomb)[0] ?? 0) + 24, 10, true)
    expect(bomb.length).toBeLessThan(10_000)
    const opened = openArchive(bytes)
    expect(opened.ok && opened.files.get('files/bomb')?.size).toBe(10)
    const stated = openArchive(bomb)
    expect(stated.ok && stated.report.length).toBe(10)
  })

  it('takes odd names for names: nothing is written anywhere, and no report comes from a prototype', () => {
    for (const name of ['../../etc/passwd', '/etc/passwd', 'C:\\x', 'a\0b', 'constructor', ' ']) {
      expect(openArchive(zip({ ...REPORT, [name]: strToU8('x') }))).toMatchObject({ ok: true, report: '{}' })
    }
    // The library cannot write this name; its length is that of `__proto__`.
    const renamed = (bytes: Uint8Array): Uint8Array =>
      Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('xxprotoxx', '__proto__'), 'latin1'))
    expect(openArchive(renamed(zip({ ...REPORT, xxprotoxx: strToU8('x') })))).toMatchObject({ ok: true, report: '{}' })
    expect(openArchive(renamed(zip({ xxprotoxx: strToU8('x') })))).toMatchObject({ ok: false })
  })
})
