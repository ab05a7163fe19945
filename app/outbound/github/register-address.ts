/** Tells GitHub where the App's webhooks go. The secret, the events and the permissions stay as they are registered. */
import type { GitHub } from './client.ts'

/** Throws a GitHubFault. */
export const registerAddress = async (github: Pick<GitHub, 'asApp'>, url: string): Promise<void> => {
  // As a whole body: among the parameters, `url` would be where Octokit sends the request.
  await github.asApp('PATCH /app/hook/config', { data: { url } })
}
