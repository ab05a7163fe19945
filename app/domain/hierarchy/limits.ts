/** How far tasks may be nested: what GitHub allows for sub-issues, so that the hierarchy can be shown there. */

export const MOST_CHILDREN = 100
/** Levels below the topmost task. */
export const MOST_LEVELS = 8
