/** `npm run resume -- owner/repo`: lets a paused project hand out work again, once a person has looked at why it was paused. */
import type { Actor } from '../../domain/actor.ts'
import { handleCommand, type Engine } from '../../engine/handle-command.ts'
import type { CliResult } from './result.ts'

/** Whoever may run this on the machine may do it: the operating system has asked them already. */
const OPERATOR: Actor = { kind: 'app', id: 'operator' }

export const resumeCommand = async (engine: Engine, repository: string | undefined): Promise<CliResult> => {
  const project = repository === undefined ? null : await engine.store.projections.projectByRepository(repository)
  if (project === null) {
    const line = 'No such project here. Say which: npm run resume -- owner/repo'
    return { exitCode: 1, lines: [line], json: { error: line } }
  }
  const { outcome } = await handleCommand(engine, {
    stream: project.stream,
    command: { type: 'resume-project', reason: 'resumed on the command line' },
    actor: OPERATOR,
    cause: `cli:resume:${project.stream}:${engine.ids.ulid()}`,
  })
  const line = project.paused === null ? 'It was not paused.' : `Resumed; it was paused because: ${project.paused}`
  return { exitCode: outcome.ok ? 0 : 1, lines: [line], json: { repository: project.repository, resumed: outcome.ok } }
}
