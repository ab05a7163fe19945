import { expect, test } from 'vitest'
import { actorOf, isByAuthor, type CommentNode } from '../../../../app/outbound/github/replica/read-comments.ts'

const comment = (editor: CommentNode['editor']): CommentNode => ({
  id: 'IC_1',
  databaseId: 1,
  body: '',
  viewerDidAuthor: true,
  isMinimized: false,
  author: { __typename: 'Bot', login: 'muster' },
  editor,
})

test('a person who is called as the App is has not its hand', () => {
  expect(isByAuthor(comment({ __typename: 'Bot', login: 'muster' }))).toBe(true)
  expect(isByAuthor(comment({ __typename: 'User', login: 'muster' }))).toBe(false)
  expect(isByAuthor(comment(null))).toBe(false)
})

test('an App has the name that webhooks give it, and no person is taken for one', () => {
  expect(actorOf({ __typename: 'Bot', login: 'claude' })).toEqual({ kind: 'bot', id: 'claude[bot]' })
  expect(actorOf({ __typename: 'Bot', login: 'claude[bot]' })).toEqual({ kind: 'bot', id: 'claude[bot]' })
  expect(actorOf({ __typename: 'User', login: 'claude' })).toEqual({ kind: 'user', id: 'claude' })
})
