/** What people read on a thread when something of ours there is left alone: one line, once per hold, with what to do. Names nobody. */
import { RECORD_FOLDED, RECORD_GONE } from './corrections.ts'

const LINES: Readonly<Record<string, string>> = {
  labels:
    "Something keeps changing Muster's labels here. They were put back three times within an hour; now they only follow the task when it changes, until an hour has passed without a correction. Next: find out who does it in the timeline above, and stop it.",
  record:
    "Something keeps editing Muster's comment with the state of this task. It was put right three times within an hour; now it is written again when the task changes, and else after an hour. Next: look at the comment's edit history for who does it, and stop it. What was written over it counts for nothing.",
  dependencies:
    'Something keeps changing what this issue is blocked by. It was put right three times within an hour; now it is written again when the task changes, and else after an hour. Next: find out who does it in the timeline above, and stop it. What the task waits for stands in the card.',
  parent:
    'Something keeps changing the parent of this issue. It was put right three times within an hour; now it is written again when the task changes, and else after an hour. Next: find out who does it in the timeline above, and stop it. What the task is a part of stands in the card.',
  [RECORD_FOLDED]:
    "Somebody keeps hiding Muster's comment with the state of this task. It was shown again three times within an hour; now it stays hidden for an hour. Nothing of it is lost.",
  [RECORD_GONE]:
    "Something keeps deleting Muster's comment with the state of this task. It is made anew again and again, but less and less often, every ten minutes at the most. Next: find out who does it, and stop it. Until then nothing but Muster's database holds what has happened here.",
}

export const holdLine = (field: string): string =>
  LINES[field] ??
  `Something keeps changing ${field} here; Muster leaves it alone for an hour. Next: find out who does it, and stop it.`
