/** `portfolios:` of the account's configuration: which projects belong together. Whether a project is of the account is looked at where it is read. */
import { z } from 'zod'

const MOST_PORTFOLIOS = 50
const MOST_PROGRAMS = 50
const MOST_PROJECTS = 500

const name = z
  .string()
  .regex(
    /^(?! )[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,80}(?<! )$/u,
    'must be 1 to 80 characters on one line, without a space at either end',
  )

const project = z
  .string()
  .regex(/^(?:[\w-]{1,80}\/)?[\w.-]{1,100}$/, 'must be the name of a repository, such as widgets or acme/widgets')

const program = z.strictObject({
  name,
  projects: z
    .array(project)
    .min(1, 'must name a project; leave the program out until there is one')
    .max(MOST_PROJECTS, `must not name more than ${MOST_PROJECTS} projects`)
    .meta({ description: 'Repositories of the account; each in one program at most' }),
})

const portfolio = z.strictObject({
  name,
  programs: z
    .array(program)
    .min(1, 'must name a program; leave the portfolio out until there is one')
    .max(MOST_PROGRAMS, `must not name more than ${MOST_PROGRAMS} programs`),
})

export const portfoliosSchema = z
  .array(portfolio)
  .max(MOST_PORTFOLIOS, `must not name more than ${MOST_PORTFOLIOS} portfolios`)
  .superRefine((portfolios, context) => {
    const projects = portfolios.flatMap(({ programs }) => programs.flatMap((one) => one.projects))
    if (projects.length > MOST_PROJECTS)
      context.addIssue({ code: 'custom', message: `must not name more than ${MOST_PROJECTS} projects in all` })
    const seen = new Set<string>()
    for (const { path, name: given } of namesOf(portfolios)) {
      const isSecond = seen.has(given.toLowerCase())
      seen.add(given.toLowerCase())
      // One of them is asked for by its name alone.
      const message = 'is the name of another portfolio or program; choose one that no other has'
      if (isSecond) context.addIssue({ code: 'custom', path, message })
    }
  })
  .meta({
    description:
      "How projects are grouped: portfolio, program, project. Only in the file of the account's .github repository",
  })

export type PortfoliosConfiguration = z.infer<typeof portfoliosSchema>

interface Named {
  readonly path: (string | number)[]
  readonly name: string
}

const namesOf = (portfolios: readonly z.infer<typeof portfolio>[]): readonly Named[] =>
  portfolios.flatMap(({ name: own, programs }, i) => [
    { path: [i, 'name'], name: own },
    ...programs.map((one, j) => ({ path: [i, 'programs', j, 'name'], name: one.name })),
  ])
