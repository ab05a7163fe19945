/** The whole story for more bugs than one. */
import { test } from 'vitest'

import { playsToItsEnd } from './plays-to-its-end.ts'

test.each([0, 6, 9])('seed %i plays to its end', { timeout: 240_000 }, playsToItsEnd)
