/** Answers a person's comment: a reaction, and text when there is something to say. One reply per comment: a newer answer edits it. */
import { canonicalJson } from '../../domain/event/canonical-json.ts'
import type { Millis } from '../../domain/event/envelope.ts'
import type { EffectPayload } from '../../engine/effects.ts'
import type { Clock, Documents } from '../../engine/ports.ts'
import type { GitHub, InstallationClient } from './client.ts'
import { isGitHubFault, partlyFailed } from './client/fault.ts'
import type { MutationField } from './graphql/mutation-document.ts'
import type { IssueNodeIds } from './facts/issue-node-ids.ts'
import { bodyHash } from './replica/body-hash.ts'
import { SETTLE_MS } from './replica/compare.ts'
import { placeIn } from './replica/operation-field.ts'
import { commentPlace, readComments } from './replica/read-comments.ts'
import type { Place } from './ports.ts'

type Answer = EffectPayload['answer']

/** What is known of the reply to a comment. `place` null: one was sent and its answer never came. */
interface Reply {
  readonly place: Place | null
  readonly hash: string
  /** When that was; absent: long ago. */
  readonly at?: Millis
}

const KIND = 'reply'
const RETRY_MS = 2_000

const REACTIONS = { rocket: 'ROCKET', confused: 'CONFUSED', eyes: 'EYES' } as const satisfies Record<
  Answer['reaction'],
  string
>

/** Hidden in the reply, so that one whose answer was lost is found and not repeated. */
const markOf = (commentNodeId: string): string => `<!-- muster:reply ${commentNodeId} -->`

export const createAnswerComment = (deps: {
  readonly github: GitHub
  readonly documents: Documents
  readonly issues: IssueNodeIds
  readonly clock: Clock
}): ((answer: Answer) => Promise<void>) => {
  const { github, documents, issues, clock } = deps

  const remember = (nodeId: string, reply: Reply): Promise<void> => documents.put(KIND, nodeId, canonicalJson(reply))

  /** The reply that stands there, also when its making was never confirmed. */
  const repliedWith = async (client: InstallationClient, answer: Answer): Promise<Reply | null> => {
    const { place } = answer
    const text = await documents.get(KIND, place.commentNodeId)
    const known = text === null ? null : (JSON.parse(text) as Reply)
    if (known === null || known.place !== null) return known
    const issue = await issues.of(client, place)
    const found = (await readComments(client, issue)).find(
      ({ viewerDidAuthor, body }) => viewerDidAuthor && body.includes(markOf(place.commentNodeId)),
    )
    if (found !== undefined) return { place: commentPlace(found), hash: bodyHash(found.body) }
    // GitHub may not show it yet. A double would stand for ever, so the answer comes later than usual instead.
    const shownAt = (known.at ?? 0) + SETTLE_MS
    if (clock.now() < shownAt) throw partlyFailed('AnswerComment', { forbidden: false, retryAt: shownAt })
    return null
  }

  const replyField = async (
    client: InstallationClient,
    { place, text }: Answer,
    known: Reply | null,
    body: string,
  ): Promise<MutationField | null> => {
    if (text === null || known?.hash === bodyHash(body)) return null
    if (known?.place) return { field: 'updateIssueComment', input: { id: known.place.nodeId, body }, selection: '' }
    const subjectId = await issues.of(client, place)
    await remember(place.commentNodeId, { place: null, hash: '', at: clock.now() })
    return { field: 'addComment', input: { subjectId, body }, selection: 'commentEdge { node { id databaseId } }' }
  }

  return async (answer) => {
    const { place, reaction, text } = answer
    const client = github.installation(place.installationId, 'command')
    const body = `${text ?? ''}\n\n${markOf(place.commentNodeId)}`
    const known = text === null ? null : await repliedWith(client, answer)
    const reply = await replyField(client, answer, known, body)
    const react: MutationField = {
      field: 'addReaction',
      input: { subjectId: place.commentNodeId, content: REACTIONS[reaction] },
      selection: '',
    }
    const fields = reply === null ? [react] : [react, reply]
    let answers
    try {
      answers = await client.mutate('AnswerComment', fields)
    } catch (error) {
      // Nothing was sent, or nothing done: the next try need not search.
      const undone = isGitHubFault(error) && !error.ambiguous
      if (undone && reply !== null && known === null) await documents.delete(KIND, place.commentNodeId)
      throw error
    }
    const [reacted, replied] = answers
    if (replied?.ok === true) {
      const at = known?.place ?? placeIn(replied.data)
      await remember(place.commentNodeId, { place: at, hash: bodyHash(body) })
    }
    if (replied?.ok === false && replied.type === 'NOT_FOUND') await documents.delete(KIND, place.commentNodeId)
    // A comment that was deleted in the meantime needs no reaction.
    const failed = [reacted, replied].find((one) => one?.ok === false && one.type !== 'NOT_FOUND')
    if (failed?.ok === false) {
      throw partlyFailed('AnswerComment', { forbidden: failed.type === 'FORBIDDEN', retryAt: clock.now() + RETRY_MS })
    }
  }
}
