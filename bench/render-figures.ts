/** Saved figures as Markdown, for the README. Pure; what a figure is was said by its bench and is not typed by hand. */
import type { Figure } from './figures.ts'
import type { SavedFigures } from './saved-figures.ts'

/** `words`: what each bench measures and against what, by its name. A bench without any saved figures is not shown. */
export const renderFigures = (saved: SavedFigures, words: Readonly<Record<string, string>>): string => {
  const shown = Object.entries(saved).filter(([, { figures }]) => Object.keys(figures).length > 0)
  return [
    '| bench | figure | value | reference | ratio | measured |',
    '|---|---|--:|--:|--:|---|',
    ...shown.flatMap(([bench, { commit, date, figures }]) =>
      Object.entries(figures).map(([name, figure], at) => {
        const place = at === 0 ? [bench, name] : ['', name]
        return `| ${[...place, ...numbers(figure), `${commit}, ${date}`].join(' | ')} |`
      }),
    ),
    '',
    ...shown.map(([bench]) => `- \`${bench}\`: ${words[bench] ?? ''}`),
  ].join('\n')
}

const numbers = ({ value, unit, reference, ratio }: Figure): readonly string[] => [
  `${round(value)} ${unit}`,
  reference === null ? '' : `${round(reference)} ${unit}`,
  ratio === null ? '' : round(ratio),
]

const round = (value: number): string => String(Number(value.toPrecision(3)))
