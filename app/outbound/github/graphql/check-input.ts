/** A check run in the words of GitHub's GraphQL inputs. They carry everything that REST does: annotations, buttons, conclusion. */
import type { CheckRun } from '../checks/check-run.ts'

/** The members that creating and updating share; the annotations are those from `from` up to `to`. */
export const checkInput = (check: CheckRun, from: number, to: number): Readonly<Record<string, unknown>> => {
  const { progress } = check
  return {
    name: check.name,
    externalId: check.externalId,
    ...(check.detailsUrl === null ? {} : { detailsUrl: check.detailsUrl }),
    ...(check.startedAt === null ? {} : { startedAt: check.startedAt }),
    status: progress.status.toUpperCase(),
    ...(progress.status === 'completed'
      ? { conclusion: progress.conclusion.toUpperCase(), completedAt: progress.completedAt }
      : {}),
    output: {
      title: check.title,
      summary: check.summary,
      ...(check.text === null ? {} : { text: check.text }),
      annotations: check.annotations.slice(from, to).map(({ path, line, title, message }) => ({
        path,
        location: { startLine: line, endLine: line },
        annotationLevel: 'FAILURE',
        title,
        message,
      })),
    },
    actions: check.actions,
  }
}
