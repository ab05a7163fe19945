/** Every bug, also those that take the agent a hundred tries. */
import { test } from 'vitest'

import { BUGS } from '../../demo/bugs/bugs.ts'
import { repairsFromFailingTests } from './repairs-from-failing-tests.ts'

test.each(BUGS)('an attempt that knows the failing tests repairs $name', { timeout: 180_000 }, repairsFromFailingTests)
