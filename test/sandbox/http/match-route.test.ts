import { describe, expect, it } from 'vitest'
import { AREAS } from '../../../app/sandbox/areas.ts'
import { createMatchRoute } from '../../../app/sandbox/http/match-route.ts'

const match = createMatchRoute(AREAS.flatMap((area) => area.routes ?? []))
const R = '/repos/acme/widgets'

describe('matching a path', () => {
  it.each([
    ['GET', `${R}/issues/comments`, 'issues/list-comments-for-repo'],
    ['GET', `${R}/issues/7`, 'issues/get'],
    ['GET', `${R}/issues/comments/7`, 'issues/get-comment'],
    ['DELETE', `${R}/issues/7/labels`, 'issues/remove-all-labels'],
    ['DELETE', `${R}/issues/7/labels/a%2Fb`, 'issues/remove-label'],
    ['GET', `${R}/contents/a/b/c.txt`, 'repos/get-content'],
    ['GET', '/app/installations/301', 'apps/get-installation'],
  ])('%s %s is %s', (method, path, operationId) => {
    expect(match(method, path)?.route.operationId).toBe(operationId)
  })

  it('decodes parameters, and lets a path span slashes', () => {
    expect(match('GET', `${R}/labels/status%2Fready`)?.params['name']).toBe('status/ready')
    expect(match('GET', `${R}/contents/a/b%20c/d`)?.params['path']).toBe('a/b c/d')
  })

  it('takes no route of GitHub that is missing here for the name of a branch', () => {
    for (const rest of ['commits/main/status', 'commits/a/b/statuses', 'branches/main/protection/enforce_admins'])
      expect(match('GET', `${R}/${rest}`)).toBeUndefined()
    expect(match('GET', `${R}/commits/fix/status-page`)?.params['ref']).toBe('fix/status-page')
  })

  it('takes numbers only where GitHub has numbers, and knows nothing else', () => {
    expect(match('GET', `${R}/issues/seven`)).toBeUndefined()
    expect(match('PUT', `${R}/issues/7`)).toBeUndefined()
    expect(match('GET', '/teapots')).toBeUndefined()
  })
})
