/**
 * The faults that the demo can put into the widgets, each a change of a token or two in a correct source, and what a
 * user of the widgets says about it. Only the demo's stage reads this: the agent's process never sees it.
 */
export interface Bug {
  readonly name: string
  readonly file: string
  /** Stands exactly once in the file. */
  readonly correct: string
  readonly broken: string
  /** One of the tests that catch it. */
  readonly caughtBy: { readonly file: string; readonly test: string }
  readonly issue: { readonly title: string; readonly body: string }
}

export const BUGS: readonly Bug[] = [
  {
    name: 'a-cent-too-many',
    file: 'src/money.js',
    correct: 'index < rest',
    broken: 'index <= rest',
    caughtBy: { file: 'test/money.test.js', test: 'splits an even amount evenly' },
    issue: {
      title: 'Shared invoices do not add up',
      body: 'When we split an invoice between several people, what they pay together is sometimes a cent off the invoice. Accounting notices every time.',
    },
  },
  {
    name: 'past-the-month',
    file: 'src/calendar.js',
    correct: 'Math.min(day, daysInMonth',
    broken: 'Math.max(day, daysInMonth',
    caughtBy: { file: 'test/calendar.test.js', test: 'adds months within a year and across years' },
    issue: {
      title: 'Subscriptions renew on the wrong day',
      body: 'Customers who signed up in the middle of a month get their renewal on some other day, often at the end of it. It should be the same day of each month.',
    },
  },
  {
    name: 'sunday-first',
    file: 'src/calendar.js',
    correct: '.getUTCDay() + 6) % 7',
    broken: '.getUTCDay() + 7) % 7',
    caughtBy: { file: 'test/calendar.test.js', test: 'puts the first and last days into the right year' },
    issue: {
      title: 'Week numbers on rosters are off now and then',
      body: 'Our rosters go by ISO weeks. For some days of the year the roster shows a week that the wall calendar does not. Most days are fine.',
    },
  },
  {
    name: 'quotes-never-close',
    file: 'src/csv.js',
    correct: `text[at + 1] === '"'`,
    broken: `text[at] === '"'`,
    caughtBy: { file: 'test/csv.test.js', test: 'keeps commas and line breaks in quotes' },
    issue: {
      title: 'Cannot import the export of our shop',
      body: 'Tables exported by our shop used to import well. Since the last release the import is refused. Tables that we type by hand still work.',
    },
  },
  {
    name: 'touching-stay-apart',
    file: 'src/ranges.js',
    correct: 'from <= last.to',
    broken: 'from < last.to',
    caughtBy: { file: 'test/ranges.test.js', test: 'joins ranges that touch' },
    issue: {
      title: 'Bookings back to back are shown as two',
      body: 'Someone who books from nine to ten and from ten to twelve should see one booking for the whole morning, and used to.',
    },
  },
  {
    name: 'end-counts-as-inside',
    file: 'src/ranges.js',
    correct: 'number >= to',
    broken: 'number > to',
    caughtBy: { file: 'test/ranges.test.js', test: 'does not count the end of a range as inside' },
    issue: {
      title: 'Room is reported as taken although the meeting is over',
      body: 'At the very hour at which a booking is over the room is still reported as taken. Nobody can book it then.',
    },
  },
  {
    name: 'last-column-unused',
    file: 'src/wrap.js',
    correct: 'line.length + 1 + rest.length <= width',
    broken: 'line.length + 1 + rest.length < width',
    caughtBy: { file: 'test/wrap.test.js', test: 'fills a line to its last character' },
    issue: {
      title: 'Letters come out with more lines than they need',
      body: 'Some paragraphs in printed letters have grown by a line. There clearly was room for another word at the end of some lines.',
    },
  },
  {
    name: 'cut-too-early',
    file: 'src/slug.js',
    correct: `cut.lastIndexOf('-')`,
    broken: `cut.indexOf('-')`,
    caughtBy: { file: 'test/slug.test.js', test: 'cuts between words' },
    issue: {
      title: 'Addresses of long articles all look alike',
      body: 'Articles with a long title get an address of a single word, so that "The best of…" articles collide with each other.',
    },
  },
  {
    name: 'one-place-wasted',
    file: 'src/recent.js',
    correct: 'entries.size > limit',
    broken: 'entries.size >= limit',
    caughtBy: { file: 'test/recent.test.js', test: 'holds as many as its limit' },
    issue: {
      title: 'The cache forgets more than it should',
      body: 'With a cache of ten, the tenth customer pushes the first one out. There should be a place for all ten.',
    },
  },
  {
    name: 'newest-first',
    file: 'src/versions.js',
    correct: 'compareParts(part, b[index])',
    broken: 'compareParts(b[index], part)',
    caughtBy: { file: 'test/versions.test.js', test: 'orders pre-releases as the specification does' },
    issue: {
      title: 'Testers are offered an older beta as an update',
      body: 'Testers who run a late beta are told that an early beta is an update for them. Released versions are fine.',
    },
  },
  {
    name: 'one-character-too-many',
    file: 'src/wrap.js',
    correct: 'longest - 1',
    broken: 'longest',
    caughtBy: { file: 'test/wrap.test.js', test: 'keeps both ends of long text' },
    issue: {
      title: 'Shortened names do not fit their column',
      body: 'Long names that we shorten for the table stick out of their column a little. Short names are fine.',
    },
  },
]

/** The bug that a seed picks; all of them are picked by some seed from 0 on. */
export function bugOfSeed(seed: number): Bug {
  const bug = BUGS[seed % BUGS.length]
  if (bug === undefined) throw new RangeError(`a seed is a whole number from 0 on, not ${seed}`)
  return bug
}
