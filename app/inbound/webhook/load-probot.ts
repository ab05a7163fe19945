/** Probot with its throttling and retries taken out, for the deliveries of the inbox. Loaded with the first one: neither starts nor other commands need it. */
import type { Options, Probot } from 'probot'
import type { CommentDeps } from './handlers/issue-comment.ts'
import { register } from './register.ts'

export const loadProbot = async (
  options: Pick<Options, 'appId' | 'privateKey' | 'secret' | 'baseUrl' | 'log'>,
  deps: CommentDeps,
): Promise<Probot> => {
  const { Probot, ProbotOctokit } = await import('probot')
  const probot = new Probot({
    ...options,
    Octokit: ProbotOctokit.defaults((given: object) => ({
      ...given,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  })
  await probot.load((app) => register(app, deps))
  return probot
}
