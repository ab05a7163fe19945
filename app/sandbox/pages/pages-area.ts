/** The pages, plugged in. Mounted last: every other mount has its own paths first. */
import type { Area } from '../areas.ts'
import { mountPages } from './mount-pages.ts'

export const pagesArea: Area = { name: 'pages', mount: mountPages }
