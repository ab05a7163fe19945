/**
 * Each behaviour of GitHub that Muster's code relies on or must survive, with where it is known from. What is not certain
 * names the switch that turns it. test/sandbox/behaviours.test.ts walks this table: the source must be one, the named test
 * must exist, no switch may be missing here, and each switch is turned to each of its values and looked at from outside.
 */
import { CODE_BEHAVIOURS } from './code-behaviours.ts'
import { LIMIT_BEHAVIOURS } from './limit-behaviours.ts'
import type { Switches } from './switches.ts'

export type Source =
  /** A page of docs.github.com. */
  | { readonly docs: string }
  /** An operation of GitHub's OpenAPI description. */
  | { readonly operation: string }
  /** A payload of GitHub's webhook descriptions. */
  | { readonly payload: string }
  /** A public issue or pull request where maintainers or users show it. */
  | { readonly issue: string }

export interface Behaviour {
  readonly is: string
  readonly source: Source
  /** Set when GitHub may do either, or when `--friendly` turns it off. */
  readonly switch?: keyof Switches
  /** `file: words of the test's title`, below test/sandbox/. */
  readonly test: string
}

const REST_ADVICE = 'https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api'
const DELIVERIES = 'https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks'
const HANDLING = 'https://docs.github.com/webhooks/using-webhooks/handling-webhook-deliveries'
const TRIGGERING =
  'https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/trigger-a-workflow'
const APP_JWT =
  'https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app'
const DEPENDENCIES =
  'https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/creating-issue-dependencies'
const SUB_ISSUES = 'https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/adding-sub-issues'
const TRANSFER =
  'https://docs.github.com/issues/tracking-your-work-with-issues/administering-issues/transferring-an-issue-to-another-repository'

export const BEHAVIOURS: readonly Behaviour[] = [
  // Deliveries
  {
    is: 'Deliveries arrive after a while, and not in the order of the events.',
    source: { docs: DELIVERIES },
    switch: 'deliveryDelayMs',
    test: 'webhooks.test.ts: may overtake another',
  },
  {
    is: 'A failed delivery is not repeated by GitHub; a redelivery that is asked for keeps its X-GitHub-Delivery.',
    source: { docs: HANDLING },
    test: 'webhooks.test.ts: keeps failures, and a redelivery keeps the GUID',
  },
  {
    is: 'The delivery log goes back three days; what is older is neither shown nor sent again.',
    source: { docs: HANDLING },
    test: 'webhooks.test.ts: forgets after three days',
  },
  {
    is: 'A delivery can be lost without reaching the App; only the delivery log shows it.',
    source: { operation: 'apps/list-webhook-deliveries' },
    switch: 'lostDeliveryShare',
    test: 'webhooks.test.ts: shows a delivery that GitHub lost as failed',
  },
  {
    is: 'Deliveries are signed with HMAC-SHA-256 over the body as sent.',
    source: { docs: 'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries' },
    test: 'webhooks.test.ts: is signed, named and addressed as GitHub does it',
  },
  {
    is: 'An App is sent only what it subscribes to and may read, on the repositories where it is installed.',
    source: {
      docs: 'https://docs.github.com/apps/creating-github-apps/registering-a-github-app/using-webhooks-with-github-apps',
    },
    test: 'webhooks.test.ts: goes only to Apps that subscribe',
  },
  {
    is: "What a run does with its GITHUB_TOKEN reaches Apps' webhooks.",
    source: { docs: TRIGGERING },
    switch: 'workflowTokenEventsReachApps',
    test: 'webhooks.test.ts: events of a run reach Apps when the switch says so',
  },
  {
    is: 'What a run does with its GITHUB_TOKEN starts no workflow run, except the two dispatches.',
    source: { docs: TRIGGERING },
    test: 'actions/workflow-runs.test.ts: is nothing that a GITHUB_TOKEN did, except the two dispatches',
  },
  {
    is: 'An edited comment tells its former text in changes.body.from.',
    source: { payload: 'webhook-issue-comment-edited' },
    test: 'webhooks.test.ts: holds to the description of its payload, for every event of an issue',
  },
  // Reading
  {
    is: 'A list may miss the newest writes for some seconds.',
    source: { issue: 'https://github.com/octokit/octokit.js/issues/900' },
    switch: 'staleListShare',
    test: 'staleness.test.ts: may miss the newest writes for some seconds',
  },
  {
    is: 'How many seconds: one to a few.',
    source: { issue: 'https://github.com/integrations/slack/pull/494' },
    switch: 'staleListMs',
    test: 'staleness.test.ts: is fresh again after the time that the switch gives',
  },
  {
    is: 'Even a single read may answer 404 for what a webhook has just told of.',
    source: { issue: 'https://github.com/probot/stale/issues/83' },
    switch: 'staleSingleReads',
    test: 'staleness.test.ts: may be missing when read alone',
  },
  {
    is: 'An answer has an ETag; asking with it again is a 304 that leaves the hour’s budget alone.',
    source: { docs: REST_ADVICE },
    test: 'limits.test.ts: every answer shows the budget, a 304 leaves it alone',
  },
  {
    is: 'An ETag holds for one token: with the next one, every hour for an installation, the same answer has another.',
    source: { issue: 'https://github.com/github/docs/issues/34689' },
    test: 'limits.test.ts: an ETag is of no use with another token',
  },
  {
    is: '`since` and `updated_at` have whole seconds.',
    source: { operation: 'issues/list-comments-for-repo' },
    test: 'issues.test.ts: list by state, label and whole-second since',
  },
  // Rights
  {
    is: 'An App signs in with an RS256 JWT of at most ten minutes.',
    source: { docs: APP_JWT },
    test: 'base.test.ts: is refused with a JWT that lives longer than ten minutes',
  },
  {
    is: 'Installation tokens live one hour and can be narrowed to permissions and repositories.',
    source: { operation: 'apps/create-installation-access-token' },
    test: 'rights.test.ts: can be narrowed to repositories and permissions',
  },
  {
    is: 'An installation token may be short and opaque, or long with a JWT in it: its form means nothing.',
    source: {
      docs: 'https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
    },
    switch: 'statelessTokens',
    test: 'rights.test.ts: has the form that the switch gives, and works in both',
  },
  {
    is: 'What the caller may not see is 404; what it sees but may not do is 403, "Resource not accessible by integration" for Apps.',
    source: { docs: 'https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api' },
    test: 'rights.test.ts: is refused what its permissions do not hold',
  },
  {
    is: '`permission` folds triage into read and maintain into write; `role_name` does not.',
    source: { operation: 'repos/get-collaborator-permission-level' },
    test: 'base.test.ts: shows triage as read in `permission`',
  },
  {
    is: 'A suspended installation gets no token and may use none; a new permission is in new tokens only.',
    source: { operation: 'apps/create-installation-access-token' },
    test: 'installations.test.ts: that is suspended gets no token and may use none',
  },
  {
    is: 'A request without a User-Agent is refused.',
    source: {
      docs: 'https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent',
    },
    test: 'installations.test.ts: a request without a User-Agent is refused',
  },
  {
    is: 'A renamed repository answers 301 at its old name, 307 to writes.',
    source: { operation: 'repos/update' },
    test: 'settings.test.ts: that was renamed answers 301 at its old name, and writes are sent on with their method',
  },
  {
    is: 'An archived repository can be read and not changed.',
    source: { docs: 'https://docs.github.com/repositories/archiving-a-github-repository/archiving-repositories' },
    test: 'settings.test.ts: that is archived can be read and not changed, until it is taken out',
  },
  {
    is: 'An organisation has roles of its own names: `role_name` may say anything.',
    source: { operation: 'repos/get-collaborator-permission-level' },
    test: 'settings.test.ts: may have the organisation’s own names',
  },
  {
    is: 'Team membership needs `members: read`, which is a permission on the organisation.',
    source: { operation: 'teams/get-membership-for-user-in-org' },
    test: 'settings.test.ts: tell their members to members, and to an App that may read them',
  },
  {
    is: 'The place of a deleted issue answers 410.',
    source: { operation: 'issues/get' },
    test: 'settings.test.ts: a deleted issue is gone: 410 at its place',
  },
  ...LIMIT_BEHAVIOURS,
  // Text
  {
    is: 'A body holds 65,536 characters; one more is 422.',
    source: { issue: 'https://github.com/reg-viz/reg-actions/issues/123' },
    test: 'issues.test.ts: hold 65,536 characters and not one more',
  },
  {
    is: 'Text typed in a browser arrives with CRLF line ends.',
    source: { issue: 'https://github.com/actions/runner/issues/1462' },
    switch: 'browserCrlf',
    test: 'pages/forms.test.ts: a comment arrives with CRLF, is counted as a person',
  },
  {
    is: 'performed_via_github_app says which App wrote a comment, whatever its login.',
    source: { operation: 'issues/get-comment' },
    test: 'issues.test.ts: say which App wrote them',
  },
  {
    is: 'GraphQL shows who edited a text last and every version of it.',
    source: { docs: 'https://docs.github.com/graphql/reference/objects#usercontentedit' },
    test: 'graphql.test.ts: shows the history of an edited comment',
  },
  // GraphQL
  {
    is: '`nodes` takes a hundred ids; one that is not there is null with an error of its own.',
    source: { issue: 'https://github.com/sourcecred/sourcecred/pull/908' },
    test: 'graphql.test.ts: finds nodes by id, each missing one an error at its place',
  },
  {
    is: 'A query can fail in part: 200, `errors`, and null where it failed.',
    source: { docs: 'https://docs.github.com/graphql/guides/forming-calls-with-graphql' },
    switch: 'graphqlFailEvery',
    test: 'graphql.test.ts: fails every nth mutation field when told so',
  },
  // Issues
  {
    is: 'A label that is named on an issue is created when it is missing; an issue holds a hundred.',
    source: { operation: 'issues/add-labels' },
    test: 'issues.test.ts: stop at a hundred on one issue',
  },
  {
    is: 'A sub-issue has one parent of the same owner, at most a hundred siblings, eight levels.',
    source: { docs: SUB_ISSUES },
    test: 'relations.test.ts: hang below one parent, which counts them',
  },
  {
    is: 'A dependency names the other issue by its database id.',
    source: { operation: 'issues/add-blocked-by-dependency' },
    test: 'relations.test.ts: name the other issue by its database id, not its number',
  },
  {
    is: 'The timeline tells who drew an edge or took it away, each time with an event of its own.',
    source: { docs: 'https://docs.github.com/graphql/reference/objects#blockedbyaddedevent' },
    test: 'relations.test.ts: is told by the timeline, with an id of its own for each time',
  },
  {
    is: 'An issue is blocked by at most fifty others.',
    source: { docs: DEPENDENCIES },
    switch: 'maxDependencies',
    test: 'relations.test.ts: stop at %i for one issue when the switch says so',
  },
  {
    is: 'Whether a dependency may close a circle is not documented.',
    source: { docs: DEPENDENCIES },
    switch: 'refuseDependencyCircles',
    test: 'switch-cases.ts: refuseDependencyCircles',
  },
  {
    is: 'A transferred issue has a new id and number; its old address answers 301.',
    source: { docs: TRANSFER },
    test: 'relations.test.ts: answers 301 at its old place and has a new id and number',
  },
  {
    is: 'Its comments keep their ids.',
    source: { docs: TRANSFER },
    switch: 'transferKeepsCommentIds',
    test: 'relations.test.ts: takes its comments along, ids kept',
  },
  // Checks, pull requests, runs
  {
    is: 'Only the App that made a check run may change it.',
    source: { operation: 'checks/update' },
    test: 'pulls/checks.test.ts: is for Apps, each its own',
  },
  {
    is: 'Annotations are added to those that stand, fifty at a time.',
    source: { operation: 'checks/update' },
    test: 'pulls/checks.test.ts: adds annotations to those that stand, at most 50 at a time',
  },
  {
    is: '"Re-run" on a check may arrive for the run or for its suite.',
    source: { payload: 'webhook-check-suite-rerequested' },
    switch: 'rerunArrivesAs',
    test: 'pulls/checks.test.ts: arrives for the run or for its suite, as the switch says',
  },
  {
    is: 'Whether a pull request can be merged is worked out after a push; until then `mergeable` is null.',
    source: { operation: 'pulls/get' },
    switch: 'mergeableLate',
    test: 'pulls/pulls.test.ts: says late whether it can be merged',
  },
  {
    is: 'Closing keywords close issues when they reach the default branch, and only then.',
    source: {
      docs: 'https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    },
    test: 'pulls/pulls.test.ts: closes nothing from a branch that is not the default one',
  },
  {
    is: 'Running a job again may leave the artifacts of its earlier attempt.',
    source: { issue: 'https://github.com/actions/upload-artifact/issues/585' },
    switch: 'rerunKeepsArtifacts',
    test: 'actions/artifacts.test.ts: running the job again keeps its artifact',
  },
  ...CODE_BEHAVIOURS,
  {
    is: 'A check run holds texts of 65,535 characters and three buttons with short labels.',
    source: { operation: 'checks/create' },
    test: 'pulls/checks.test.ts: holds texts to 65,535 characters and buttons to three short ones',
  },
  {
    is: 'A button of a check run is told to the App that made the run, and to no other.',
    source: { payload: 'webhook-check-run-requested-action' },
    test: 'pulls/checks.test.ts: goes to the App of the check run and to no other',
  },
  {
    is: 'A push to the branch of a pull request moves its head and arrives as synchronize.',
    source: { payload: 'webhook-pull-request-synchronize' },
    test: 'pulls/pulls.test.ts: follows a real git push, which arrives as synchronize',
  },
  {
    is: 'Reviews lose the HTML comments in their bodies; comments keep them.',
    source: { operation: 'pulls/create-review' },
    test: 'pulls/pulls.test.ts: takes reviews, without their HTML comments',
  },
  {
    is: 'A workflow_dispatch tells which run it made when asked to.',
    source: { operation: 'actions/create-workflow-dispatch' },
    test: 'actions/workflow-runs.test.ts: is a dispatch, which can tell which run it made',
  },
  {
    is: 'The token of a run for a fork only reads.',
    source: { docs: 'https://docs.github.com/actions/concepts/security/github_token' },
    test: 'actions/workflow-runs.test.ts: gives a run for a fork a token that only reads',
  },
  {
    is: 'Two jobs of a run cannot upload artifacts of one name: the second is answered 409, also while the first is at it.',
    source: { issue: 'https://github.com/actions/upload-artifact/issues/478' },
    test: 'actions/artifacts.test.ts: has a name that is taken for every job of the run as soon as its upload has begun',
  },
  {
    is: 'An artifact cannot be changed once it is finalized, and carries the digest that its uploader computed.',
    source: { operation: 'actions/get-artifact' },
    test: 'actions/artifacts.test.ts: is not seen before it is finalized, and cannot be changed after',
  },
]
