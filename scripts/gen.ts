/**
 * Writes what is generated from code: the tables between `<!-- generated:NAME -->` marks, and the JSON Schemas in schemas/.
 * `--check` writes nothing and fails when something is not fresh.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { z } from 'zod'
import { ATTEMPT_TRANSITIONS, FIRST_STATUS } from '../app/domain/task/attempt-transitions.ts'
import { TRANSITIONS } from '../app/domain/task/transitions.ts'
import { FAILURES } from '../app/domain/failure/taxonomy.ts'
import { CATALOGUE } from '../app/inbound/catalogue.ts'
import { renderUsage } from '../app/inbound/catalogue/usage.ts'
import { renderFigures } from '../bench/render-figures.ts'
import type { SavedFigures } from '../bench/saved-figures.ts'
import { ON_REQUEST, WORDS } from '../bench/words.ts'
import { configurationSchema } from '../schemas/configuration.ts'
import { httpBatchSchema } from '../schemas/http-batch.ts'
import { httpCommandSchema } from '../schemas/http-command.ts'
import { projectEventSchema } from '../schemas/project-events.ts'
import { reportSchema } from '../schemas/report.ts'
import { taskEventSchema } from '../schemas/task-events.ts'
import { renderEventMap } from './event-map.ts'
import { taskUpdateSchema } from '../schemas/task-update.ts'

const ROOT = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

const cell = (text: string): string => text.replaceAll('|', '\\|')

const commandsTable = (): string =>
  [
    '| command | does | who may |',
    '|---|---|---|',
    ...CATALOGUE.map((row) => {
      const surface = row.surfaces.includes('comment') ? 'comment' : 'http'
      const usage = `${surface === 'comment' ? '/' : ''}${renderUsage(row, surface)}`
      const only = surface === 'http' ? ' (HTTP only)' : ''
      return `| \`${cell(usage)}\` | ${cell(row.summary)}${only} | ${row.role}${row.decidedBy === 'gate' ? ", or the gate's" : ''} |`
    }),
  ].join('\n')

const failuresTable = (): string =>
  [
    '| class | category | retried | who acts | recovery | check run |',
    '|---|---|---|---|---|---|',
    ...Object.entries(FAILURES).map(([name, { category, retry, actor, recovery, conclusion }]) => {
      const limit = 'limit' in retry ? `at most ${String(retry.limit)}×` : 'yes'
      const strikes = 'strikes' in retry ? `yes, ${String(retry.strikes)} strikes` : limit
      const changed = 'changed' in retry ? 'changed' : strikes
      return `| \`${name}\` | ${category} | ${retry.allowed ? changed : 'no'} | ${actor} | ${cell(recovery)} | ${conclusion} |`
    }),
  ].join('\n')

const statesDiagram = (): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> backlog: task-created',
    ...Object.entries(TRANSITIONS).flatMap(([event, { from, to }]) =>
      from.filter((status) => status !== to).map((status) => `  ${status} --> ${to}: ${event}`),
    ),
    '```',
  ].join('\n')

const attemptsDiagram = (): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${FIRST_STATUS}: lease-granted`,
    ...Object.entries(ATTEMPT_TRANSITIONS).flatMap(([event, { from, to }]) =>
      from.filter((status) => status !== 'queued').map((status) => `  ${status} --> ${to}: ${event}`),
    ),
    '```',
  ].join('\n')

/** Only what a bench has written; nothing is typed by hand. */
const benchTable = (): string => {
  const requested = [...ON_REQUEST].map((name) => `\`${name}\``).join(', ')
  const saved = JSON.parse(readFileSync(join(ROOT, 'bench', 'figures.json'), 'utf8')) as SavedFigures
  return [
    `Measured by \`npm run bench -- --save\` on two shared cores, each value and its reference in the same run; read the ratios, not the times. ${requested} run on request only, with \`--only NAME\`.`,
    '',
    renderFigures(saved, WORDS),
  ].join('\n')
}

const sections: readonly (readonly [file: string, name: string, text: string])[] = [
  ['README.md', 'commands', commandsTable()],
  ['README.md', 'bench', benchTable()],
  ['docs/reference.md', 'failures', failuresTable()],
  ['docs/reference.md', 'states', statesDiagram()],
  ['docs/reference.md', 'events', renderEventMap()],
  ['docs/reference.md', 'attempts', attemptsDiagram()],
]

/** `ref`: what stands in many places is written once. */
const schemas: readonly (readonly [file: string, schema: z.ZodType, reused?: 'ref'])[] = [
  ['schemas/configuration.schema.json', configurationSchema, 'ref'],
  ['schemas/report.schema.json', reportSchema],
  ['schemas/http-command.schema.json', httpCommandSchema],
  ['schemas/http-batch.schema.json', httpBatchSchema],
  ['schemas/task-events.schema.json', taskEventSchema, 'ref'],
  ['schemas/project-events.schema.json', projectEventSchema, 'ref'],
  ['schemas/task-update.schema.json', taskUpdateSchema],
]

const stale: string[] = []

const write = async (file: string, text: string): Promise<void> => {
  const path = join(ROOT, file)
  const options = await resolveConfig(path)
  const formatted = await format(text, { ...options, filepath: path })
  let before = ''
  try {
    before = readFileSync(path, 'utf8')
  } catch {
    // Not generated before.
  }
  if (before === formatted) return
  stale.push(file)
  if (!check) writeFileSync(path, formatted)
}

const between = (text: string, name: string, inside: string): string => {
  const [start, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the marks of "${name}" are missing`)
  return `${text.slice(0, from)}${start}\n\n${inside}\n\n${text.slice(to)}`
}

const texts = new Map<string, string>()
for (const [file, name, inside] of sections) {
  const text = texts.get(file) ?? readFileSync(join(ROOT, file), 'utf8')
  texts.set(file, between(text, name, inside))
}
for (const [file, text] of texts) await write(file, text)
for (const [file, schema, reused = 'inline'] of schemas) {
  await write(file, JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12', reused })))
}
if (check && stale.length > 0) {
  console.error(`not fresh: ${stale.join(', ')}; run npm run gen and commit what it writes`)
  process.exit(1)
}
console.log(stale.length === 0 ? 'everything generated is fresh' : `wrote ${stale.join(', ')}`)
