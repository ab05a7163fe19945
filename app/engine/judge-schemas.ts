/** Verdicts that a pure decision cannot make itself: whether a schema may be kept, and whether a value is as its schema says. */
import type { Json } from '../domain/event/canonical-json.ts'
import type { Problems, SchemaProblem } from '../domain/task/commands.ts'
import type { DetailChanges } from '../domain/task/details.ts'
import type { Task } from '../domain/task/state.ts'
import type { AnyCommand } from './handle-command.ts'
import type { SchemaJudge } from './ports.ts'

/** The command with what the judge says of it; most need none. */
export const judgeSchemas = async (judge: SchemaJudge, command: AnyCommand, task: Task | null): Promise<AnyCommand> => {
  const { inputSchema, outputSchema, input, steps = [] } = task?.details ?? {}
  switch (command.type) {
    case 'update-task':
      return { ...command, schemaProblem: await schemaProblem(judge, command.changes) }
    case 'claim-task':
      return { ...command, inputProblems: await problems(judge, inputSchema, input) }
    case 'succeed-attempt':
      return { ...command, outputProblems: await problems(judge, outputSchema, command.output) }
    case 'report-attempt': {
      // A report that brings no output says nothing of it.
      const schema = command.output === undefined ? undefined : outputSchema
      return { ...command, outputProblems: await problems(judge, schema, command.output) }
    }
    case 'start-step': {
      const step = steps.find(({ id }) => id === command.step)
      return { ...command, inputProblems: await problems(judge, step?.inputSchema, command.input) }
    }
    case 'finish-step': {
      const step = steps.find(({ id }) => id === command.step)
      return { ...command, outputProblems: await problems(judge, step?.outputSchema, command.output) }
    }
    default:
      return command
  }
}

const problems = async (judge: SchemaJudge, schema: string | undefined, value: Json | undefined): Promise<Problems> => {
  if (schema === undefined) return []
  return value === undefined ? ['there is none'] : judge.problems(schema, value)
}

const schemaProblem = async (judge: SchemaJudge, changes: DetailChanges): Promise<SchemaProblem | null> => {
  const given = [
    ['inputSchema', changes.inputSchema] as const,
    ['outputSchema', changes.outputSchema] as const,
    ...(changes.steps ?? []).flatMap(({ id, inputSchema, outputSchema }) => [
      [`inputSchema of step ${id}`, inputSchema] as const,
      [`outputSchema of step ${id}`, outputSchema] as const,
    ]),
  ]
  for (const [argument, schema] of given) {
    const problem = schema == null ? null : await judge.refuse(schema)
    if (problem !== null) return { argument, problem }
  }
  return null
}
