/** Labels: small, shared by all issues, and changed by everybody. */
import type { Assumption } from './assumption.ts'

export const LABELS: readonly Assumption[] = [
  {
    id: 'label-case',
    is: 'Labels are found whatever the case of their letters; a second one in another case is refused.',
    async look(place) {
      const name = place.name()
      const make = (as: string) => place.octokit.rest.issues.createLabel({ ...place.at, name: as, color: 'ededed' })
      const statuses = [await place.status(make(name)), await place.status(make(name.toUpperCase()))]
      const { data } = await place.octokit.rest.issues.getLabel({ ...place.at, name: name.toUpperCase() })
      return [statuses, data.name === name]
    },
    expected: [[201, 422], true],
  },
  {
    id: 'label-made-by-use',
    is: 'An issue given a label that does not exist makes it, in a colour of GitHub’s choice.',
    async look(place) {
      const name = place.name()
      const { number } = await place.issue()
      await place.octokit.rest.issues.addLabels({ ...place.at, issue_number: number, labels: [name] })
      return place.status(place.octokit.rest.issues.getLabel({ ...place.at, name }))
    },
    expected: 200,
  },
  {
    id: 'label-renamed',
    is: 'A renamed label stays on its issues, under the new name.',
    async look(place) {
      const name = place.name()
      const { number } = await place.issue()
      await place.octokit.rest.issues.createLabel({ ...place.at, name, color: 'ededed' })
      await place.octokit.rest.issues.addLabels({ ...place.at, issue_number: number, labels: [name] })
      await place.octokit.rest.issues.updateLabel({ ...place.at, name, new_name: `${name}-renamed` })
      const wearing = await place.soon(
        async () => (await place.octokit.rest.issues.listLabelsOnIssue({ ...place.at, issue_number: number })).data,
        (labels) => labels.some((label) => label.name === `${name}-renamed`),
      )
      return wearing.map((label) => label.name === `${name}-renamed`)
    },
    expected: [true],
  },
  {
    id: 'label-taken-off-twice',
    is: 'Taking a label off that is not on is 404.',
    async look(place) {
      const name = place.name()
      const { number } = await place.issue()
      await place.octokit.rest.issues.addLabels({ ...place.at, issue_number: number, labels: [name] })
      const off = () => place.status(place.octokit.rest.issues.removeLabel({ ...place.at, issue_number: number, name }))
      return [await off(), await off()]
    },
    expected: [200, 404],
  },
]
