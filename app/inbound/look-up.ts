/** What is answered to those who only look: one function for each kind of question. Nothing here changes a task. */
import { renderGraph } from '../domain/dependency/render-graph.ts'
import { graphViews } from '../domain/dependency/graph-views.ts'
import { projectStream } from '../domain/event/envelope.ts'
import { renderRollUp } from '../domain/hierarchy/render-roll-up.ts'
import { rollUp } from '../domain/hierarchy/roll-up.ts'
import { explainTree } from '../domain/policy/explain.ts'
import type { Task } from '../domain/task/state.ts'
import { explainPolicy } from '../engine/explain-policy.ts'
import { findFindings } from '../engine/find-findings.ts'
import { graphOf } from '../engine/graph-of.ts'
import { handOutBrief } from '../engine/hand-out-brief.ts'
import type { Engine } from '../engine/handle-command.ts'
import { taskMovements } from '../engine/movements.ts'
import { partsOf } from '../engine/parts-of.ts'
import { refused, taskOf, told, type Carried, type CarryOutDeps, type Errand } from './carried.ts'
import type { Intent } from './catalogue/intent.ts'
import { lookBack, showThen, type LookedBack } from './look-back.ts'
import { renderProjectCost, renderTaskCost } from './render-cost.ts'
import { renderFindings } from './render-findings.ts'
import { showPortfolio } from './show-portfolio.ts'
import { streamAt } from './standing-at.ts'

export type LookKind = 'show' | 'graph' | 'history' | 'brief' | 'findings' | 'cost' | 'portfolio' | 'policy' | 'help'
export type Look = Extract<Intent, { readonly kind: LookKind }>
type Of<Kind extends LookKind> = Extract<Intent, { readonly kind: Kind }>

/** `task`: as it stands; null when there is none. */
type Answer<Kind extends LookKind> = (
  deps: CarryOutDeps,
  errand: Errand,
  look: Of<Kind>,
  task: Task | null,
) => Promise<Carried> | Carried

/** The question is about a task that there is. */
const ofTask =
  <Kind extends LookKind>(
    answer: (deps: CarryOutDeps, errand: Errand, look: Of<Kind>, task: Task) => Promise<Carried>,
  ): Answer<Kind> =>
  (deps, errand, look, task) =>
    task === null ? refused({ code: 'not-a-task' }) : answer(deps, errand, look, task)

const streamOf = ({ store }: Engine, { place, issue }: Errand) => streamAt(store.projections, place, issue)

const LOOKS: { readonly [Kind in LookKind]: Answer<Kind> } = {
  show: async (deps, errand, { point }, task) => {
    const { log } = deps.engine.store
    if (point !== null) return lookedBack(deps, errand, await showThen(log, await streamOf(deps.engine, errand), point))
    if (task === null) return refused({ code: 'not-a-task' })
    const parts = await partsText(deps.engine, task)
    const card = deps.card(task, errand.telling)
    return told(task, parts === null ? card : `${card}\n\n${parts}`)
  },
  graph: ofTask(async ({ engine }, _, __, task) => {
    const graph = await graphOf(engine.store, task.stream)
    if (graph === null) return refused({ code: 'not-a-task' })
    return { ...told(task, renderGraph(graph)), graph: graphViews(graph) }
  }),
  history: async (deps, errand, look) =>
    lookedBack(deps, errand, await lookBack(deps.engine.store.log, await streamOf(deps.engine, errand), look)),
  brief: ofTask(async ({ engine, facts }, { place, issue, actor }, { budgetTokens }, task) => {
    const body = (await facts.issue(place, issue))?.body ?? ''
    return told(task, await handOutBrief(engine, task, { body, budgetTokens }, actor), true)
  }),
  findings: async ({ engine }, { place }, { words }, task) => {
    const found = await findFindings(engine.store, projectStream(place.repositoryId), words === '' ? [] : [words])
    return told(task, renderFindings(found))
  },
  cost: ofTask(async ({ engine }, _, { of }, task) => {
    const { log, projections } = engine.store
    return of === 'project'
      ? told(task, renderProjectCost(await projections.tasks(task.project)))
      : told(task, renderTaskCost(task, await taskMovements({ log }, task.stream)))
  }),
  portfolio: async (deps, errand, { name }, task) => {
    const shown = await showPortfolio(deps, errand, name)
    return shown.ok ? { ...told(task, shown.text), data: shown.data } : shown
  },
  policy: async ({ engine }, errand, { question }) => {
    const stream = errand.issue === 0 ? null : await streamOf(engine, errand)
    const project = projectStream(errand.place.repositoryId)
    const policy = await explainPolicy(engine, project, stream, question, errand.actor)
    return { ...told(await taskOf(engine, errand), explainTree(policy), true), policy }
  },
  help: ({ help }, { telling }, { verb }, task) => told(task, help(verb, telling)),
}

export const isLook = (intent: Intent): intent is Look => Object.hasOwn(LOOKS, intent.kind)

export const lookUp = async (deps: CarryOutDeps, errand: Errand, look: Look): Promise<Carried> => {
  // The row of its own kind takes it: the compiler cannot join the two.
  const answer = LOOKS[look.kind] as Answer<LookKind>
  return answer(deps, errand, look, await taskOf(deps.engine, errand))
}

const lookedBack = ({ card }: CarryOutDeps, { telling }: Errand, looked: LookedBack): Carried =>
  looked.ok
    ? {
        ...told(looked.task, looked.text ?? card(looked.task, telling)),
        until: looked.task.lease?.expiresAt ?? null,
        data: looked.data,
      }
    : looked

/** Null for a task that has no parts. Children of other projects are counted, not named. */
const partsText = async ({ store }: Engine, task: Task): Promise<string | null> => {
  const { parts, isCut } = await partsOf(store, task.stream)
  if (parts.length === 0) return null
  const children = parts
    .filter(({ details, project }) => details.parent?.stream === task.stream && project === task.project)
    .toSorted((a, b) => a.number - b.number)
  return renderRollUp(rollUp(task, parts), children, isCut)
}
