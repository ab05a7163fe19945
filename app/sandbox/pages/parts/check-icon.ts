/** What a check run's status and conclusion look like, and what they are called. */
import { html } from 'hono/html'
import { assertNever } from '../../model/assert-never.ts'
import type { CheckRun } from '../../model/check.ts'
import type { Piece } from '../visit/layout.ts'

interface Look {
  readonly sign: string
  readonly tone: 'good' | 'bad' | 'waiting' | 'quiet'
  readonly words: string
}

export function lookOf(run: Pick<CheckRun, 'status' | 'conclusion'>): Look {
  if (run.status !== 'completed' || run.conclusion === null)
    return { sign: '●', tone: 'waiting', words: run.status === 'queued' ? 'Queued' : 'In progress' }
  switch (run.conclusion) {
    case 'success':
      return { sign: '✓', tone: 'good', words: 'Successful' }
    case 'failure':
      return { sign: '✕', tone: 'bad', words: 'Failed' }
    case 'timed_out':
      return { sign: '✕', tone: 'bad', words: 'Timed out' }
    case 'action_required':
      return { sign: '!', tone: 'waiting', words: 'Action required' }
    case 'cancelled':
      return { sign: '⊘', tone: 'quiet', words: 'Cancelled' }
    case 'neutral':
      return { sign: '■', tone: 'quiet', words: 'Neutral' }
    case 'skipped':
      return { sign: '⊘', tone: 'quiet', words: 'Skipped' }
    default:
      return assertNever(run.conclusion)
  }
}

export function checkIcon(run: Pick<CheckRun, 'status' | 'conclusion'>): Piece {
  const look = lookOf(run)
  return html`<span class="check ${look.tone}" title="${look.words}">${look.sign}</span>`
}
