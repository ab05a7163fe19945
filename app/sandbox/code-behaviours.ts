/** The rows of behaviours.ts for git, pull requests, checks and Actions. */
import type { Behaviour } from './behaviours.ts'

const EVENTS = 'https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows'
const CHECK_EVENTS = 'https://docs.github.com/webhooks/webhook-events-and-payloads#check_run'
const PULL_REFS =
  'https://docs.github.com/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/checking-out-pull-requests-locally'
const CLONING = 'https://docs.github.com/repositories/creating-and-managing-repositories/troubleshooting-cloning-errors'

export const CODE_BEHAVIOURS: readonly Behaviour[] = [
  // Checks
  {
    is: 'A conclusion completes a check run; a later status takes it back.',
    source: { operation: 'checks/update' },
    test: 'pulls/checks.test.ts: completes with a conclusion and opens again with a status',
  },
  {
    is: 'Summary and text hold 65,535 characters each; there are at most three buttons, with short words.',
    source: { operation: 'checks/create' },
    test: 'pulls/checks.test.ts: holds texts to 65,535 characters and buttons to three short ones',
  },
  {
    is: 'A list of check runs holds the newest of each name unless `filter=all` is asked for.',
    source: { operation: 'checks/list-for-ref' },
    test: 'pulls/checks.test.ts: shows the newest of each name, or all, by name, App and status',
  },
  {
    is: 'A pressed button and a re-run are told to the App that made the check run, and to no other.',
    source: { docs: CHECK_EVENTS },
    test: 'pulls/checks.test.ts: goes to the App of the check run and to no other',
  },
  {
    is: 'Asking for a run again resets its suite only; the run keeps its conclusion until the App changes it.',
    source: { operation: 'checks/rerequest-run' },
    test: 'pulls/checks.test.ts: and resets the suite only',
  },
  {
    is: 'A check names the pull requests of its branch, those of forks never.',
    source: { issue: 'https://github.com/palantir/bulldozer/pull/563' },
    test: 'pulls/checks.test.ts: names the pull requests of the same repository that stand on the commit',
  },
  {
    is: 'A check run made with GITHUB_TOKEN lands in any of the suites that Actions has on the commit.',
    source: { issue: 'https://github.com/bencherdev/bencher/issues/536' },
    test: 'pulls/checks.test.ts: puts what a GITHUB_TOKEN makes into any suite',
  },
  {
    is: 'A suite holds a thousand runs of one name; then the oldest go.',
    source: { operation: 'checks/create' },
    test: 'pulls/checks.test.ts: push out the oldest',
  },
  // Pull requests
  {
    is: "A push to a pull request's branch moves its head and arrives as `synchronize`.",
    source: { payload: 'webhook-pull-request-synchronize' },
    test: 'pulls/pulls.test.ts: follows a real git push, which arrives as synchronize',
  },
  {
    is: 'A pull request whose branch is deleted closes, and cannot be reopened without it.',
    source: { issue: 'https://github.com/pytorch/pytorch/pull/114423' },
    test: 'pulls/pulls.test.ts: closes its pull request when the branch goes',
  },
  {
    is: 'A merge can name the head that it means: another one is 409; what cannot be merged is 405.',
    source: { operation: 'pulls/merge' },
    test: 'pulls/pulls.test.ts: minds the head that the caller means, the role, and the method',
  },
  {
    is: 'Whether keywords close what belongs to a repository where the merger has no say is not documented.',
    source: {
      docs: 'https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    },
    switch: 'closingElsewhereNeedsRole',
    test: 'pulls/closing.test.ts: in another repository only for who has a say there, as the switch says',
  },
  {
    is: 'A keyword may name another pull request, which is closed by the merge too.',
    source: {
      docs: 'https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    },
    test: 'pulls/closing.test.ts: closes another pull request that it names',
  },
  {
    is: 'Keywords in code and in HTML comments close nothing.',
    source: {
      docs: 'https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue',
    },
    test: 'pulls/pulls.test.ts: closes the issues that the text promises, on the default branch only',
  },
  {
    is: 'GraphQL ties a pull request to the issues that it closes, both ways.',
    source: { docs: 'https://docs.github.com/graphql/reference/objects#pullrequest' },
    test: 'pulls/graphql.test.ts: know the issues that they close, and the issues know them',
  },
  // git
  {
    is: 'refs/pull/* can be read by everyone and written by nobody.',
    source: { docs: PULL_REFS },
    test: 'git/clone-and-push.test.ts: obeys what the default branch and pull requests need',
  },
  {
    is: 'git over HTTP says "not found" of what is hidden, 403 of what may not be pushed, and asks the anonymous for a password.',
    source: { docs: CLONING },
    test: 'git/clone-and-push.test.ts: hides, refuses and asks for a password as GitHub does',
  },
  {
    is: '`updateRefs` moves refs from where the caller believes them to be, all or none.',
    source: { docs: 'https://docs.github.com/graphql/reference/mutations#updaterefs' },
    test: 'pulls/graphql.test.ts: is a compare-and-swap over several refs, all or none',
  },
  {
    is: 'Writing a file over another version than the caller saw is 409.',
    source: { operation: 'repos/create-or-update-file-contents' },
    test: 'git/git-rest.test.ts: writes only over what the caller saw',
  },
  {
    is: 'An App without the permission `workflows`, and every GITHUB_TOKEN, is refused changes of workflow files.',
    source: { issue: 'https://github.com/peter-evans/create-pull-request/issues/1713' },
    test: 'git/clone-and-push.test.ts: takes workflow files from people only',
  },
  {
    is: 'A person opens pull requests only from where they may push.',
    source: { issue: 'https://github.com/LunarClient/ServerMappings/issues/1727' },
    test: 'pulls/pulls.test.ts: cannot be opened from nothing, twice, or from a branch that is not there',
  },
  // Actions
  {
    is: 'A pull request that conflicts starts no runs.',
    source: { docs: EVENTS },
    test: 'actions/workflow-runs.test.ts: is not a conflicting pull request, which has nothing to check out',
  },
  {
    is: 'A run for a pull request stands on its head and checks out the test merge.',
    source: { docs: EVENTS },
    test: 'actions/workflow-runs.test.ts: is a pull request: the run stands on its head',
  },
  {
    is: 'A run for a fork has a token that only reads.',
    source: {
      docs: 'https://docs.github.com/actions/reference/security/secure-use',
    },
    test: 'actions/workflow-runs.test.ts: gives a run for a fork a token that only reads',
  },
  {
    is: 'A commit that says [skip ci] starts no runs.',
    source: { docs: 'https://docs.github.com/actions/how-tos/manage-workflow-runs/skip-workflow-runs' },
    test: 'actions/workflow-runs.test.ts: is no commit that asks to be skipped',
  },
  {
    is: 'A workflow dispatch answers 204, or the run that it made when asked for it.',
    source: { operation: 'actions/create-workflow-dispatch' },
    test: 'actions/workflow-runs.test.ts: is a dispatch, which can tell which run it made',
  },
  {
    is: 'A run that is run again keeps its id and gets another attempt; earlier ones stay readable.',
    source: { operation: 'actions/get-workflow-run-attempt' },
    test: 'actions/workflow-runs.test.ts: keeps earlier attempts when it is run again',
  },
  {
    is: 'An artifact name is taken once in a run: again is 409.',
    source: { issue: 'https://github.com/actions/upload-artifact/issues/634' },
    test: 'actions/artifacts.test.ts: is not seen before it is finalized, and cannot be changed after',
  },
  {
    is: "An artifact's digest is what its uploader said.",
    source: { operation: 'actions/get-artifact' },
    test: 'actions/artifacts.test.ts: keeps the digest that the uploader claims, true or not',
  },
  {
    is: 'An artifact is downloaded by a redirect, and is gone (410) after its time.',
    source: { operation: 'actions/download-artifact' },
    test: 'actions/artifacts.test.ts: expires: 410, though the list still names it',
  },
  {
    is: "A job asks for an identity token with a secret of its own; the issuer's keys prove what it says of run and job.",
    source: { docs: 'https://docs.github.com/actions/reference/security/oidc' },
    test: 'oidc/id-token.test.ts: says which run and job it is for, and is proven by the keys that the issuer names',
  },
  {
    is: 'Its subject carries numeric ids for repositories since July 2026 and those that opted in, names alone for others.',
    source: { issue: 'https://github.com/github/docs/pull/45221' },
    switch: 'oidcImmutableSubject',
    test: 'oidc/id-token.test.ts: has numbers in its subject as the switch says: %s',
  },
]
