/**
 * The data of every event of a project, by its type, as the log and the ledger on GitHub hold it. Members that are not named
 * here pass: a newer version may have added them.
 */
import * as z from 'zod'
import { actorSchema, storedEventSchema, streamIdSchema } from './stream.ts'
import { taskRefSchema } from './task-state.ts'

const text = z.string()
const id = z.int().positive()
/** What a kill covers. */
const target = { scope: z.enum(['agent', 'project', 'workspace']), agent: text.nullable() }
const why = z.object({ reason: text })

export const PROJECT_EVENT_SCHEMAS = {
  'project-opened': z.object({
    repositoryId: id,
    repositoryNodeId: text,
    repository: text,
    installationId: z.int().nonnegative(),
    prefix: text,
  }),
  'repository-renamed': z.object({ repository: text }),
  'installation-changed': z.object({ installationId: z.int().nonnegative() }),
  'prefix-changed': z.object({ prefix: text }),
  'epoch-raised': z.object({ epoch: id, reason: text }),
  'ledger-opened': z.object({ issue: id }),
  'project-paused': why,
  'project-resumed': why,
  'finding-recorded': z.object({
    id,
    kind: z.enum(['constraint', 'decision', 'gotcha']),
    text,
    task: taskRefSchema,
    attempt: z.int().nonnegative().nullable(),
  }),
  'finding-retired': z.object({ id, reason: text }),
  killed: z.object({ ...target, reason: text, by: text.exactOptional() }),
  'kill-lifted': z.object({ ...target, reason: text }),
  'task-left': z.object({ task: streamIdSchema, key: text, to: streamIdSchema.nullable() }),
  'task-arrived': z.object({ task: streamIdSchema, key: text, from: streamIdSchema }),
  'project-tampering-found': z.object({ what: text, by: actorSchema.nullable(), detail: text }),
} as const satisfies Record<string, z.ZodType>

/** Any event of a project, at the newest version of its data. */
export const projectEventSchema = z.union(
  Object.entries(PROJECT_EVENT_SCHEMAS).map(([type, data]) =>
    storedEventSchema.extend({ type: z.literal(type), data }),
  ),
)
