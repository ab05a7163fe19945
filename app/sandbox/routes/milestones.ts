/** Milestones, as little as issues need. */
import { emit } from '../webhooks/emit.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { renderMilestone } from '../render/label.ts'

export const milestoneRoutes = [
  defineRoute('issues/list-milestones', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/milestones',
    who: ANYONE,
    permission: { issues: 'read', pull_requests: 'read' },
    takes: ['state'],
    handle(c) {
      const wanted = c.query.get('state') ?? 'open'
      const rows = c.world.state.milestones
        .where((one) => one.repositoryId === c.repo.id, c.asOf)
        .filter((one) => wanted === 'all' || one.state === wanted)
      const page = paginate(rows, c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderMilestone(c.world, c.repo, one)) }
    },
  }),
  defineRoute('issues/get-milestone', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/milestones/{milestone_number}',
    who: ANYONE,
    permission: { issues: 'read', pull_requests: 'read' },
    handle(c) {
      const number = Number(c.params.milestone_number)
      const found = c.world.state.milestones.find((one) => one.repositoryId === c.repo.id && one.number === number)
      if (!found) throw notFound()
      return { status: 200, body: renderMilestone(c.world, c.repo, found) }
    },
  }),
  defineRoute('issues/create-milestone', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/milestones',
    who: SIGNED_IN,
    permission: { issues: 'write', pull_requests: 'write' },
    role: 'write',
    takes: ['title', 'description', 'due_on'],
    handle(c) {
      const { state, clock } = c.world
      const number = state.milestones.where((one) => one.repositoryId === c.repo.id).length + 1
      const now = clock.now()
      const milestone = state.milestones.put({
        id: state.ids.next(),
        repositoryId: c.repo.id,
        number,
        title: c.body.title,
        description: c.body.description ?? null,
        state: 'open',
        creatorId: c.actor.id,
        dueOn: c.body.due_on === undefined ? null : Date.parse(c.body.due_on),
        createdAt: now,
        updatedAt: now,
        closedAt: null,
      })
      const body = renderMilestone(c.world, c.repo, milestone)
      emit(c.world, 'milestone', 'created', {
        repository: c.repo,
        caller: c.caller,
        payload: { milestone: { ...body, state: 'open', closed_at: null } },
      })
      return { status: 201, body, headers: { location: body.url } }
    },
  }),
]
