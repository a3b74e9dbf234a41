/** What a JSON Schema of a field does not say. docs/http.md says more. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  regionId: "The deployment's own region: it serves no other.",
  keyPairName: 'Must exist.',
  instanceIds:
    'At most 1,000 different ones; a duplicate counts once. Either these or a `selector`.',
  selector:
    'Instances by what they have in common: every condition holds, and there is one at least. Either this or `instanceIds`.',
  restart: '`auto`: Running ones are rebooted, Stopped ones stay stopped. `never`: attach only.',
  startStopped: 'Stopped ones are started.',
  restartAlreadyAttached: 'Restart also those bound to the key pair since nobody knows when.',
  attach: '`now`: all at once. `wave`: each just before its restart.',
  maxUnavailable:
    'Most that may be down at once: a count from 1 to 9,999, or a percentage from `1%` to `100%`, rounded down, at least 1.',
  ramp: '`doubling`: 1, 2, 4, 8 … up to `maxUnavailable`. `canary`: 1, then as many as may be.',
  groupBy: 'The key of a tag: `maxUnavailable` holds inside each group with the same value, too.',
  haltAfterFailures: 'After so many failed or unknown restarts nothing more is restarted.',
  bakeSeconds: 'How long a wave must have been ready before the next starts.',
  readyTimeoutSeconds: 'From the accepted restart until the instance must be back.',
  approveWithinSeconds: 'Nothing is done before somebody approves, within so many seconds.',
  expectedPlanDigest: '`planDigest` of a dry run: another plan is refused with its difference.',
  breakGlass:
    'Why window, freezes and approval are passed by: one line that says something. For clients that may.',
  dryRun: 'Shows the plan, changes nothing.',
  note: 'One line, for people.',
  rolloutId: 'As in the path: the signature does not cover the path.',
  action: 'As in the path: the signature does not cover the path.',
  planDigest: 'That of the rollout: whoever approves has seen this plan.',
  as: '`retry` permits one more restart, `skip` leaves them as they are.',
  reason: 'One line that says something.',
  limit: 'A whole number from 1 to 100.',
  after: '`next` of the page before.',
};
