import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJunit } from '../../../action/src/reports/junit.ts'
import { decodeText } from '../../../action/src/reports/xml.ts'
import type { RepoPaths } from '../../../action/src/reports/repo-path.ts'

const FILES = new Set([
  'src/sum.test.ts',
  'tests/test_sum.py',
  'core/src/test/java/org/acme/SumTest.java',
  'internal/sum/sum_test.go',
  'crates/sum/tests/adds.rs',
  'test/Sum Test.php',
  'tests/SumTests.cs',
])
const paths: RepoPaths = { workspace: '/home/runner/work/widgets/widgets', exists: (path) => FILES.has(path) }

const read = (xml: string, reportPath: string | null = 'junit.xml') => {
  const result = readJunit(xml, paths, reportPath)
  if (!result.ok) throw new Error(result.problem)
  return result.tests
}
const only = (xml: string, reportPath?: string) => {
  const { failures } = read(xml, reportPath)
  expect(failures).toHaveLength(1)
  return failures[0]
}

describe('readJunit', () => {
  it('reads vitest: the file is the class, the line stands in the text', () => {
    const xml = `<?xml version="1.0"?><testsuites tests="2"><testsuite name="src/sum.test.ts" tests="2" failures="1" skipped="0">
      <testcase classname="src/sum.test.ts" name="sum &gt; adds" time="0.1"/>
      <testcase classname="src/sum.test.ts" name="sum &gt; carries"><failure message="expected 3 to be 4 // Object.is equality" type="AssertionError">
AssertionError: expected 3 to be 4 // Object.is equality
 ❯ src/sum.test.ts:9:24
      </failure></testcase></testsuite></testsuites>`
    expect(read(xml)).toMatchObject({ total: 2, failed: 1, errors: 0, skipped: 0, flaky: 0 })
    expect(only(xml)).toMatchObject({
      name: 'sum > carries',
      suite: 'src/sum.test.ts',
      file: 'src/sum.test.ts',
      line: 9,
      message: 'expected 3 to be 4 // Object.is equality',
    })
  })

  it('reads jest-junit: absolute frames, those of others skipped', () => {
    const xml = `<testsuites><testsuite name="sum"><testcase classname="sum adds" name="sum adds"><failure>Error: expect(received).toBe(expected)
    at Object.toBe (/home/runner/work/widgets/widgets/node_modules/expect/build/index.js:10:1)
    at Object.&lt;anonymous&gt; (/home/runner/work/widgets/widgets/src/sum.test.ts:5:17)</failure></testcase></testsuite></testsuites>`
    expect(only(xml)).toMatchObject({
      file: 'src/sum.test.ts',
      line: 5,
      message: 'Error: expect(received).toBe(expected)',
    })
  })

  it('reads pytest: lines of attributes from 0, and the line of the text before them', () => {
    const at = (body: string) =>
      only(
        `<testsuites><testsuite name="pytest" errors="0" failures="1"><testcase classname="tests.test_sum" name="test_adds" file="tests/test_sum.py" line="3"><failure message="assert 3 == 4">${body}</failure></testcase></testsuite></testsuites>`,
      )
    expect(at('no place')).toMatchObject({ file: 'tests/test_sum.py', line: 4 })
    expect(at('tests/test_sum.py:6: AssertionError')).toMatchObject({ file: 'tests/test_sum.py', line: 6 })
    expect(
      only(
        `<testsuites><testsuite name="pytest"><testcase classname="tests.test_sum.TestSum" name="t"><failure message="boom!">E</failure></testcase></testsuite></testsuites>`,
      ),
    ).toMatchObject({ file: 'tests/test_sum.py', line: null })
  })

  it('reads surefire: Java frames, in the module that the report lies in, and flaky tests as passed', () => {
    const xml = `<testsuite name="org.acme.SumTest" tests="3" failures="1">
      <testcase classname="org.acme.SumTest" name="adds"><failure message="expected [4] but found [3]" type="java.lang.AssertionError"><![CDATA[java.lang.AssertionError
	at org.testng.Assert.fail(Assert.java:99)
	at org.acme.SumTest.adds(SumTest.java:21)]]></failure></testcase>
      <testcase classname="org.acme.SumTest" name="wobbles"><flakyFailure message="once" type="x">once</flakyFailure></testcase>
      <testcase classname="org.acme.SumTest" name="sleeps"><skipped/></testcase></testsuite>`
    expect(read(xml)).toMatchObject({ total: 3, failed: 1, skipped: 1, flaky: 1 })
    expect(only(xml, 'core/target/surefire-reports/TEST-org.acme.SumTest.xml')).toMatchObject({
      file: 'core/src/test/java/org/acme/SumTest.java',
      line: 21,
    })
  })

  it('reads gotestsum: file names below the package, reruns as flaky, build failures as errors', () => {
    const suite = (cases: string) =>
      `<testsuites><testsuite name="example.com/widgets/internal/sum" tests="1"><properties><property name="go.version" value="go1.25"/></properties>${cases}</testsuite></testsuites>`
    const failed = `<testcase classname="example.com/widgets/internal/sum" name="TestAdds"><failure message="Failed" type="">=== RUN   TestAdds
    sum_test.go:12: got 3, want 4
--- FAIL: TestAdds (0.00s)</failure></testcase>`
    expect(only(suite(failed))).toMatchObject({
      file: 'internal/sum/sum_test.go',
      line: 12,
      message: 'sum_test.go:12: got 3, want 4',
    })
    const passed = '<testcase classname="example.com/widgets/internal/sum" name="TestAdds"/>'
    expect(read(suite(failed + passed))).toMatchObject({ total: 1, failed: 0, flaky: 1 })
    expect(read(suite(passed + failed))).toMatchObject({ total: 2, failed: 1, flaky: 0 })
    const build = `<testcase classname="" name="TestMain"><failure message="Failed">FAIL example.com/widgets/internal/sum [build failed]</failure></testcase>`
    expect(read(suite(build))).toMatchObject({ total: 0, failed: 0, errors: 1 })
  })

  it('reads nextest, node:test, phpunit and .NET places', () => {
    expect(
      only(
        `<testsuites><testsuite name="sum::adds"><testcase name="adds" classname="sum"><failure type="test failure">thread 'adds' panicked at tests/adds.rs:7:5:
assertion failed</failure></testcase></testsuite></testsuites>`,
        'crates/sum/target/nextest/junit.xml',
      ),
    ).toMatchObject({ file: 'crates/sum/tests/adds.rs', line: 7 })
    expect(
      only(
        `<testsuites><testcase name="adds" classname="test" failure="3 !== 4"><failure type="testCodeFailure" message="3 !== 4">at TestContext.&lt;anonymous&gt; (file:///home/runner/work/widgets/widgets/src/sum.test.ts:4:10)</failure></testcase></testsuites>`,
      ),
    ).toMatchObject({ file: 'src/sum.test.ts', line: 4, message: '3 !== 4' })
    expect(
      only(
        `<testsuites><testsuite name="a"><testsuite name="b"><testcase name="t" file="/home/runner/work/widgets/widgets/test/Sum Test.php" line="8"><error type="E">oops</error></testcase></testsuite></testsuite></testsuites>`,
      ),
    ).toMatchObject({ file: 'test/Sum Test.php', line: 8, message: 'oops' })
    expect(
      only(
        String.raw`<testsuites><testsuite name="a"><testcase name="t"><failure message="Assert.True() Failure, expected True">   at A.B() in D:\a\widgets\widgets\tests\SumTests.cs:line 30</failure></testcase></testsuite></testsuites>`,
      ),
    ).toMatchObject({ file: 'tests/SumTests.cs', line: 30 })
  })

  it('shows what a subtest of node:test threw on its own line, not where the subtest was started', () => {
    const frame = (line: number) =>
      `at TestContext.&lt;anonymous&gt; (/home/runner/work/widgets/widgets/src/sum.test.ts:${line}:5)`
    const text = `Error [ERR_TEST_FAILURE]: 1 == 2
    ${frame(5)}
    at Test.runInAsyncScope (node:async_hooks:227:14) {
  code: 'ERR_TEST_FAILURE',
  failureType: 'testCodeFailure',
  cause: AssertionError [ERR_ASSERTION]: 1 == 2
      ${frame(7)}
      ${frame(5)} {
    code: 'ERR_ASSERTION'
  }
}`
    const one = `<testcase name="adds" classname="sub" file="/home/runner/work/widgets/widgets/src/sum.test.ts"><failure type="testCodeFailure" message="1 == 2">${text}</failure></testcase>`
    expect(only(`<testsuites><testsuite name="sub">${one}</testsuite></testsuites>`)).toMatchObject({
      file: 'src/sum.test.ts',
      line: 7,
    })
  })

  it('counts a suite that broke before its first case, and believes no sums else', () => {
    expect(read('<testsuites><testsuite name="x" errors="2"/></testsuites>')).toMatchObject({ total: 0, errors: 2 })
    expect(
      read('<testsuites failures="5"><testsuite name="x" failures="5"><testcase name="a"/></testsuite></testsuites>'),
    ).toMatchObject({ total: 1, failed: 0, errors: 0 })
    expect(
      read('<testsuites><testsuite name="x"><error message="no such module">t</error></testsuite></testsuites>'),
    ).toMatchObject({ total: 0, failed: 0, errors: 1 })
  })

  it('takes a test that is still to do for skipped, and a case named like its file for no test', () => {
    const todo =
      '<testcase name="a" failure="x"><skipped type="todo" message="true"/><failure message="x">y</failure></testcase>'
    const file =
      '<testcase name="src/sum.test.ts" file="src/sum.test.ts"><failure message="test failed">z</failure></testcase>'
    expect(read(`<testsuites>${todo}${file}</testsuites>`)).toMatchObject({
      total: 1,
      failed: 0,
      errors: 1,
      skipped: 1,
    })
  })

  it('drops paths outside the repository and lines below 1', () => {
    const file = (path: string, line: string) =>
      only(
        `<testsuite name="s"><testcase name="t" file="${path}" line="${line}"><failure message="message long enough">x</failure></testcase></testsuite>`,
      )
    expect(file('/etc/passwd', '3')).toMatchObject({ file: null, line: null })
    expect(file('../../etc/passwd', '3')).toMatchObject({ file: null, line: null })
    expect(file('src/new.ts', '0')).toMatchObject({ file: 'src/new.ts', line: null })
    expect(file('./src//a/../new.ts', '2')).toMatchObject({ file: 'src/new.ts', line: 2 })
    expect(file('/app/src/sum.test.ts', '2')).toMatchObject({ file: 'src/sum.test.ts', line: 2 })
  })

  it('reads a file that breaks off as far as it goes, and says so', () => {
    const whole = '<testcase name="a"><failure message="m">t</failure></testcase>'
    const result = readJunit(
      `<testsuites><testsuite name="s">${whole}<testcase name="b"><failure><![CDATA[`,
      paths,
      null,
    )
    expect(result).toMatchObject({ ok: true, complete: false, tests: { total: 1, failed: 1 } })
    expect(readJunit(`${whole}<testcase name="c"/>`, paths, null)).toMatchObject({
      ok: true,
      tests: { total: 2, failed: 1 },
    })
  })

  it.each([
    ['', 'it is not XML'],
    ['{"a":1}', 'it is not XML'],
    ['<html></html>', 'it has no <testsuite>; give a JUnit XML file'],
    ['<!DOCTYPE a [<!ENTITY x "y">]><testsuite/>', 'it has a document type; remove it'],
    [
      '\uFEFF <?xml <a ?>\n<!-- <a> --><!doctype a SYSTEM "file:///etc/passwd"><testsuite/>',
      'it has a document type; remove it',
    ],
    ['<a>'.repeat(500), 'it is not XML, or it breaks off'],
  ])('refuses %#', (xml, problem) => {
    expect(readJunit(xml, paths, null)).toEqual({ ok: false, problem })
  })

  it('expands no entity into others, wherever its document type stands', () => {
    const level = (name: string, of: string) => `<!ENTITY ${name} "${`&${of};`.repeat(10)}">`
    const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}]>`
    const suite = '<testsuite name="s"><testcase name="&d;"><failure message="&d;">&d;</failure></testcase></testsuite>'
    for (const xml of [`<testsuite name="t"/>${laughs}${suite}`, `<testsuites>${laughs}${suite}</testsuites>`]) {
      const read = readJunit(xml, paths, null)
      expect(JSON.stringify(read)).not.toContain('haha')
      expect(JSON.stringify(read).length).toBeLessThan(1_000)
    }
    const wide = `<a/><!DOCTYPE x [<!ENTITY z "${'z'.repeat(50_000)}">]><testsuite><testcase name="${'&z;'.repeat(9_000)}"/></testsuite>`
    expect(readJunit(wide, paths, null).ok).toBe(false)
  })

  it('takes out control characters, NUL among them, and reads what Windows writes', () => {
    const xml =
      '<testsuite><testcase name="a\0b\u0007"><failure message="x\0\u001b[31my">\u0001z</failure></testcase></testsuite>'
    expect(only(xml)).toMatchObject({ name: 'ab', message: 'xy', details: 'z' })
    const little = Buffer.from(`\uFEFF${xml}`, 'utf16le')
    for (const bytes of [little, Buffer.from(little).swap16(), Buffer.from(`\uFEFF${xml}`)]) {
      expect(only(decodeText(bytes))).toMatchObject({ name: 'ab' })
    }
    const broken = Buffer.concat([
      Buffer.from('<testsuite><testcase name="'),
      Buffer.from([0xff, 0xc3, 0x28]),
      Buffer.from('"><failure/></testcase></testsuite>'),
    ])
    expect(only(decodeText(broken))?.name).toBe('\uFFFD\uFFFD(')
  })

  it('never throws, and keeps its bounds, on any text', () => {
    const piece = fc.constantFrom(
      '<testsuite name="',
      '">',
      '<testcase',
      ' name="',
      '<failure message="',
      '</testsuite>',
      '/>',
      '<![CDATA[',
      ']]>',
      '&lt;',
      '<error>',
      '__proto__',
      ' line="1"',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }), (parts) => {
        const result = readJunit(`<testsuite>${parts.join('')}`, paths, 'a/b.xml')
        if (result.ok) expect(result.tests.failures.length).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('cuts what is too long', () => {
    const failure = only(
      `<testsuite name="s"><testcase name="${'n'.repeat(9000)}"><failure message="${'m'.repeat(9000)}">${'t'.repeat(9000)}</failure></testcase></testsuite>`,
    )
    expect([failure?.name.length, failure?.message.length, failure?.details?.length]).toEqual([300, 1000, 2000])
    const many = '<testcase name="a"><failure message="m">t</failure></testcase>'.repeat(150)
    expect(read(`<testsuite name="s">${many}</testsuite>`)).toMatchObject({ total: 150, failed: 150 })
    expect(read(`<testsuite name="s">${many}</testsuite>`).failures).toHaveLength(100)
  })
})
