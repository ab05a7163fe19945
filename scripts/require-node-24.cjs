// Says what to do when tests run on a Node that is too old. Plain CommonJS, so that any Node can read it.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Muster needs Node 24; this is ${process.version}. Run it through npm (npm ci brings Node 24 along: npm test, npm run demo), or install Node 24.`,
  )
  process.exit(1)
}
