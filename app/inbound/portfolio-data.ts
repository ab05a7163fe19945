/** A portfolio's roll-up as JSON, the same over HTTP and on the command line. */
import type { Sums } from '../domain/budget/books.ts'
import type { PortfolioRollUp, Totals } from '../domain/portfolio/roll-up.ts'

export const portfolioData = ({ name, programs, hidden, total }: PortfolioRollUp) => ({
  name,
  programs: programs.map((program) => ({
    name: program.name,
    projects: program.projects.map(({ repository, ...figures }) => ({ repository, ...totals(figures) })),
    /** How many more may not be shown; figures are without them. */
    hidden: program.hidden,
    ...totals(program.total),
  })),
  hidden,
  ...totals(total),
})

const totals = ({ tasks, done, open, wanted, percent, standing, spent, reserved }: Totals) => ({
  tasks,
  done,
  open,
  wanted,
  percent,
  by_status: standing,
  spent: sums(spent),
  reserved: sums(reserved),
})

const sums = ({ microUsd, tokens }: Sums) => ({ micro_usd: microUsd, tokens })
