/** One step: a script, one of GitHub's own actions that the demo's workflows use, or an action in a folder. A step of another kind fails. */
import { checkout } from './checkout.ts'
import { type Contexts, interpolate, type Texts, textOf } from './expressions.ts'
import { runAction } from './run-action.ts'
import type { ProcessResult } from './run-process.ts'
import { runScript } from './run-script.ts'
import type { StepInput } from './step.ts'
import { downloadArtifact, uploadArtifact } from './transfer-artifact.ts'

const OWN: Readonly<Record<string, (input: StepInput) => Promise<ProcessResult>>> = {
  'actions/checkout': checkout,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
}

/** Never throws: what goes wrong is the step's own failure, with its reason in the log. */
export async function runStep(
  step: Readonly<Record<string, unknown>>,
  contexts: Contexts,
  folders: Texts,
  input: StepInput,
): Promise<ProcessResult> {
  try {
    if (typeof step['run'] === 'string') return await runScript(interpolate(step['run'], contexts), input)
    const uses = textOf(step['uses'])
    const action = uses.split('@', 1)[0] ?? ''
    const own = Object.hasOwn(OWN, action) ? OWN[action] : undefined
    if (own !== undefined) return await own(input)
    const folder = Object.hasOwn(folders, action) ? folders[action] : undefined
    if (folder !== undefined) return await runAction(folder, input, contexts)
    return { code: 1, output: `This runner does not have the action "${uses}".\n` }
  } catch (error) {
    return { code: 1, output: `${error instanceof Error ? error.message : String(error)}\n` }
  }
}
