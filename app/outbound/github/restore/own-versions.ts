/** Comments of ours that somebody else edited, read as we last left them. What others wrote over them is not looked at. */
import type { HeldComment, ReplicaReader } from '../ports.ts'

/** `recovered`: the body is an older version, not what stands there now. */
export type OwnComment = HeldComment & { readonly recovered: boolean }

/** One more request per comment that was edited by another, which is rare. Without a version of ours left, the comment stays as it is. */
export const withOwnVersions = async (
  reader: Pick<ReplicaReader, 'ownVersions'>,
  comments: readonly HeldComment[],
  trustedApps: readonly number[],
): Promise<readonly OwnComment[]> => {
  const own: OwnComment[] = []
  for (const comment of comments) {
    const isOurs = comment.appId !== null && trustedApps.includes(comment.appId)
    const [newest] = isOurs && comment.editedByOther ? await reader.ownVersions(comment.nodeId) : []
    own.push(
      newest === undefined
        ? { ...comment, recovered: false }
        : { ...comment, body: newest, editedByOther: false, recovered: true },
    )
  }
  return own
}
